using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Fuzz;

/// <summary>Keeps what was logged as an error.</summary>
internal sealed class FaultLog : ILoggerProvider, ILogger
{
    private const int KeptMax = 100;

    private readonly ConcurrentQueue<string> _faults = new();

    public bool TryTake(out string? fault) => _faults.TryDequeue(out fault);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && _faults.Count < KeptMax) _faults.Enqueue($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
