using System.Diagnostics;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The command line as its user starts it: a process of its own.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command against a server; answers its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ServerProcess server, params string[] arguments)
    {
        using var process = Start(server, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    public static Process Start(ServerProcess server, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "lifecycle.dll"), "--url", $"{server.Http.BaseAddress}", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
}
