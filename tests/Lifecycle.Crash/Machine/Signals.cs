using System.Diagnostics;
using System.Globalization;

namespace Lifecycle.Crash.Machine;

/// <summary>Signals to processes, by the program that every Unix has.</summary>
internal static class Signals
{
    public static Task StopAsync(int process) => SendAsync("STOP", [process]);

    public static Task ContinueAsync(int process) => SendAsync("CONT", [process]);

    public static Task TerminateAsync(int process) => SendAsync("TERM", [process]);

    /// <summary>All in one call, the first one first.</summary>
    public static Task KillAsync(IEnumerable<int> processes) => SendAsync("KILL", processes);

    /// <summary>The processes that a process has started, where the system shows them.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process)
    {
        var parent = process.ToString(CultureInfo.InvariantCulture);
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                // "id (name) state parent …", and a name may have blanks and brackets.
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == parent) children.Add(id);
            }
            catch (IOException)
            {
                // It has ended.
            }
        }

        return children;
    }

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
