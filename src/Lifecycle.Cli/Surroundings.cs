using Lifecycle.Cli.Scan;
using Lifecycle.Client;

namespace Lifecycle.Cli;

/// <summary>What a command touches besides its arguments.</summary>
/// <param name="Out">Results, and nothing else.</param>
/// <param name="Error">Progress, notes and errors.</param>
/// <param name="Interactive">A person watches <paramref name="Error"/> in a terminal.</param>
/// <param name="Clock">For progress and retries.</param>
/// <param name="Retry">How often and how patiently a failed request of long work is sent again.</param>
/// <param name="Variable">Reads an environment variable.</param>
internal sealed record Surroundings(
    TextWriter Out, TextWriter Error, bool Interactive, TimeProvider Clock, RetryPolicy Retry,
    Func<string, string?> Variable)
{
    /// <summary>
    /// Makes the program a client of a cluster, where that is told by its gateways or its database, null for the
    /// default; null in a program that cannot be one.
    /// </summary>
    public Func<string?, ICustomerSource>? Cluster { get; init; }

    public static Surroundings OfProcess() => new(
        Console.Out, Console.Error, !Console.IsErrorRedirected, TimeProvider.System,
        // Somebody waits for the command: a server that never answered is a wrong address or not started.
        new RetryPolicy { AttemptsUnansweredMax = 1 },
        Environment.GetEnvironmentVariable);
}
