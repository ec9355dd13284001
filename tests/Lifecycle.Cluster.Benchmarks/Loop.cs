using System.Diagnostics;

namespace Lifecycle.Cluster.Benchmarks;

/// <summary>Callers that each wait for their answer before they ask again.</summary>
internal static class Loop
{
    /// <summary>How many a second, of the items that each call answers for.</summary>
    /// <param name="callers">At once.</param>
    /// <param name="call">Takes the number of the call; answers how many items it was for.</param>
    public static async Task<double> RunAsync(int callers, TimeSpan time, Func<long, Task<int>> call)
    {
        long calls = 0, items = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < time)
                Interlocked.Add(ref items, await call(Interlocked.Increment(ref calls) - 1));
        })));
        return items / clock.Elapsed.TotalSeconds;
    }
}
