using System.Diagnostics;
using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>What one sync of the data disk costs: the floor under every commit that waits for it.</summary>
internal static class DiskSync
{
    private const int BlockBytes = 8 << 10;
    private const int Syncs = 400;

    /// <summary>Milliseconds of an fdatasync after 8 KiB were appended; median, lowest and highest.</summary>
    public static Spread Measure(string folder)
    {
        var path = Path.Combine(folder, "sync");
        var block = new byte[BlockBytes];
        var times = new double[Syncs];
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
        {
            for (var i = 0; i < Syncs; i++)
            {
                RandomAccess.Write(file, block, (long)i * BlockBytes);
                var start = Stopwatch.GetTimestamp();
                LinuxCalls.Sync(file);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        File.Delete(path);
        return Spread.Of(times);
    }
}
