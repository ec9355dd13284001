using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>What the figures were made on and with; printed before them.</summary>
internal static class Conditions
{
    public static IReadOnlyDictionary<string, string> Of(string folder, BenchOptions options)
    {
        var sync = DiskSync.Measure(folder);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        return new Dictionary<string, string>
        {
            ["when"] = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            ["version"] = Commit(),
            ["machine"] = Text(
                $"{Environment.ProcessorCount} cores, {Processor()}, {memory:0} GiB, {RuntimeInformation.OSDescription}"),
            ["runtime"] = $"{RuntimeInformation.FrameworkDescription}, the server with its own settings",
            ["disk"] = Text(
                $"a sync of an appended 8 KiB block takes {sync.Median:0.000} ms ({sync.Low:0.000} to {sync.High:0.000})"),
            ["rounds"] = Text(
                $"{options.Rounds} of {options.RoundTime.TotalSeconds:0.#} s for each row, taking turns, after a short one"),
            ["events"] = Text(
                $"{EventMix.BytesMean:0} bytes each: 4 product views, 3 visits, 3 orders of 1 to 3 lines of ten"),
            ["load"] = Environment.ProcessorCount == 1 || !File.Exists("/proc/loadavg")
                ? "not known"
                : File.ReadAllText("/proc/loadavg").Split(' ')[0] + " before the run: 0 means that nothing else ran",
        };
    }

    private static string Processor()
    {
        const string Model = "model name";
        if (!File.Exists("/proc/cpuinfo")) return RuntimeInformation.ProcessArchitecture.ToString();
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Model, StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var text = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? text : "not known: no git repository";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "not known: no git";
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
