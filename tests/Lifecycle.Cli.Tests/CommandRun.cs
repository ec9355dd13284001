using System.Text.Json;
using Lifecycle.Cli.Api;

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
            output, TextWriter.Synchronized(error), interactive, TimeProvider.System, waits.Policy, _ => null);
        var exitCode = await CommandLine.RunAsync(args, surroundings, TestContext.Current.CancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>A retry policy that notes each pause instead of passing it.</summary>
internal sealed class RecordedWaits
{
    private readonly List<TimeSpan> _delays = [];

    public RecordedWaits() => Policy = new RetryPolicy((delay, _) =>
    {
        lock (_delays) _delays.Add(delay);
        return Task.CompletedTask;
    });

    public RetryPolicy Policy { get; }

    public IReadOnlyList<TimeSpan> Delays => _delays;
}
