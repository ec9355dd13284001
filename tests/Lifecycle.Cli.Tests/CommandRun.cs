using System.Text.Json;
using Lifecycle.Client;

namespace Lifecycle.Cli.Tests;

/// <summary>One run of the command line with what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Out);

    public static Task<CommandRun> OfAsync(params string[] args) => OfAsync(new RecordedWaits(), args);

    public static Task<CommandRun> OfAsync(RecordedWaits waits, params string[] args) =>
        OfAsync(waits, interactive: false, args);

    /// <param name="interactive">As in a terminal: progress is a bar.</param>
    public static async Task<CommandRun> OfAsync(RecordedWaits waits, bool interactive, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var surroundings = new Surroundings(
            output, TextWriter.Synchronized(error), interactive, waits, waits.Policy, _ => null);
        var exitCode = await CommandLine.RunAsync(args, surroundings, TestContext.Current.CancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>A clock that notes each pause before a retry instead of passing it; everything else takes its time.</summary>
internal sealed class RecordedWaits : TimeProvider
{
    private readonly List<TimeSpan> _delays = [];

    /// <summary>As the program's own, without chance.</summary>
    public RetryPolicy Policy { get; } = new() { AttemptsUnansweredMax = 1, Jitter = 0 };

    public IReadOnlyList<TimeSpan> Delays => _delays;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan || dueTime == Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, dueTime, period);
        lock (_delays) _delays.Add(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
