using Lifecycle.Benchmarks.Load;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;

namespace Lifecycle.Benchmarks.Histories;

/// <summary>
/// Bytes of the managed heap for each customer that the host keeps in memory, idle since it was asked for: state, actor
/// and its place among the others. In a process that has done nothing else.
/// </summary>
/// <param name="Folder">The histories that customers have.</param>
/// <param name="Empty">A folder for the store of the host, which stays empty.</param>
internal sealed record MemoryJob(string Folder, string Empty, int Customers) : Job
{
    public override async Task<LoadResult> RunAsync()
    {
        var time = new EarlyTime();
        // The lease outlives what passes early: after a lapse everybody would be in doubt and would not rest.
        var options = new EngineOptions { ResidentMax = Customers + 1, Lease = TimeSpan.FromMinutes(10) };
        var histories = await StoredHistories.ReadAsync(Folder);
        await using var engine = await HistoryJob.OpenAsync(
            Empty, store => new HistoryStore(store, histories), options, time);
        // What is made once, for the first customer, is none of the others'.
        await ViewAsync(engine.Customers, Customers);
        var clock = LoadClock.Start();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Customers), async (customer, _) => await ViewAsync(engine.Customers, customer));
        // Idle as the engine sees it: its own sweep finds them, later than the option says.
        time.Pass(options.PackAfter + TimeSpan.FromSeconds(1));
        engine.Sweep();
        var after = GC.GetTotalMemory(forceFullCollection: true);
        if ((engine.Residents, engine.Packed) != (Customers + 1, Customers + 1))
            throw new InvalidOperationException(
                $"Of {Customers} customers {engine.Residents} are in memory and {engine.Packed} packed.");
        GC.KeepAlive(histories);
        return clock.End((after - before) / (double)Customers);
    }

    private static async Task ViewAsync(ICustomers customers, int customer)
    {
        if (await customers.ViewAsync(EventMix.CustomerId(customer), PointInTime.Now, CancellationToken.None) is null)
            throw new InvalidOperationException("A customer has no history.");
    }

    /// <summary>A clock on which waiting takes no time.</summary>
    private sealed class EarlyTime : TimeProvider
    {
        private TimeSpan _passed;

        public void Pass(TimeSpan time) => _passed += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _passed;

        public override long GetTimestamp() =>
            base.GetTimestamp() + (long)(_passed.TotalSeconds * TimestampFrequency);
    }
}
