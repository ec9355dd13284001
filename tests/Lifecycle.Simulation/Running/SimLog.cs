using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Simulation.Running;

/// <summary>An error of the engine's own that it logs and survives is a fault all the same.</summary>
internal sealed class SimLog(Action<string> report) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (logLevel < LogLevel.Warning || exception is null or StoreException or Engine.UnavailableException) return;
        report($"The engine logged {eventId.Name}: {formatter(state, exception)} {exception}");
    }
}
