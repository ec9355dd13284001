using Lifecycle.Cli;
using Lifecycle.Client;

namespace Lifecycle.Tests.Shared;

/// <summary>
/// The import command in this process, for tests that run it many times: to start a process would take longer than its
/// work.
/// </summary>
internal static class OnlineRetailImport
{
    /// <param name="options">Of the command, besides the file and its format.</param>
    /// <param name="cancel">Ends it as Ctrl+C does.</param>
    /// <returns>Its exit code, and its report as JSON, or why there is none.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        Uri server, string file, CancellationToken cancel, params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(
            ["import", file, "--format", "online-retail", "--json", "--url", $"{server}", .. options],
            new Surroundings(
                output, TextWriter.Synchronized(error), false, TimeProvider.System, new RetryPolicy(), _ => null),
            cancel);
        return (exitCode, exitCode == 0 ? $"{output}" : $"{output}{error}");
    }
}
