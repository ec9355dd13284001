using System.Diagnostics;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The command line as its user starts it: a process of its own.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command against a server; answers its exit code and what it printed.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(ServerProcess server, params string[] arguments) =>
        RunAsync(Start(server, arguments));

    /// <summary>The same for one that needs no server.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsync(Start(arguments));

    private static async Task<(int ExitCode, string Output)> RunAsync(Process started)
    {
        using var process = started;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    public static Process Start(ServerProcess server, params string[] arguments) =>
        Start(["--url", $"{server.Http.BaseAddress}", .. arguments]);

    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "lifecycle.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
}
