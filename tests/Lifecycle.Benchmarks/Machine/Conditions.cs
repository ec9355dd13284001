using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>What the figures were made on and with; each is printed when it is known.</summary>
internal sealed class Conditions
{
    private const string LoadAverage = "/proc/loadavg";

    private readonly Dictionary<string, string> _all = [];

    public IReadOnlyDictionary<string, string> All => _all;

    /// <summary>Adds one, once.</summary>
    public void Add(string name, string value)
    {
        if (_all.TryAdd(name, value)) Console.WriteLine($"{name + ":",-12}{value}");
    }

    /// <summary>Adds what is known before the first row.</summary>
    /// <param name="folder">On the disk that is measured.</param>
    public void Add(string folder, BenchOptions options)
    {
        var sync = DiskSync.Measure(folder);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        Add("when", DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        Add("version", Commit());
        Add("machine", Text(
            $"{Environment.ProcessorCount} cores, {Processor()}, {memory:0} GiB, {RuntimeInformation.OSDescription}"));
        // More than 0: something else runs too.
        if (File.Exists(LoadAverage)) Add("busy", $"load {File.ReadAllText(LoadAverage).Split(' ')[0]} before the run");
        Add("runtime", $"{RuntimeInformation.FrameworkDescription}, the server with its own settings");
        Add("disk", Text(
            $"a sync of an appended 8 KiB block takes {sync.Median:0.000} ms ({sync.Low:0.000} to {sync.High:0.000})"));
        Add("rounds", Text(
            $"{options.Rounds} of {options.RoundTime.TotalSeconds:0.#} s for each row in turn, after a short one"));
        Add("events", Text(
            $"{EventMix.BytesMean:0} bytes each: 4 product views, 3 visits, 3 orders of 1 to 3 lines of ten"));
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
