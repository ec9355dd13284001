using System.Diagnostics;
using System.Globalization;

namespace Lifecycle.Tests.Shared;

/// <summary>Signals to processes, by the program that every Unix has.</summary>
internal static class Signals
{
    public static Task StopAsync(int process) => SendAsync("STOP", [process]);

    public static Task ContinueAsync(int process) => SendAsync("CONT", [process]);

    public static Task TerminateAsync(int process) => SendAsync("TERM", [process]);

    /// <summary>As Ctrl+C.</summary>
    public static Task InterruptAsync(int process) => SendAsync("INT", [process]);

    /// <summary>All in one call, the first one first.</summary>
    public static Task KillAsync(IEnumerable<int> processes) => SendAsync("KILL", processes);

    private static async Task SendAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start(
            new ProcessStartInfo(
                "kill", [$"-{signal}", .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))])
            {
                // One that has ended by itself meanwhile is no failure.
                RedirectStandardError = true,
            })!;
        await kill.WaitForExitAsync();
    }
}
