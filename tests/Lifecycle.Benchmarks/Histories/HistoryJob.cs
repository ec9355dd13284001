using Lifecycle.Benchmarks.Load;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Benchmarks.Histories;

/// <summary>Lets customers live through a year, decided by the engine itself, and leaves their data folder.</summary>
internal sealed record HistoryJob(string Folder, int Customers) : Job
{
    private const int Seed = 20;

    public override async Task<LoadResult> RunAsync()
    {
        var until = DateTime.UtcNow;
        await using var engine = await OpenAsync(Folder, store => store);
        var clock = LoadClock.Start();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Customers),
            async (customer, cancel) => await LiveAsync(engine, customer, until, cancel));
        return clock.End(Customers);
    }

    /// <summary>An engine over a folder of its own.</summary>
    /// <param name="wrap">Answers the store to use.</param>
    public static async Task<LifecycleEngine> OpenAsync(
        string folder, Func<IStore, IStore> wrap, EngineOptions? options = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        var store = await SqliteStore.OpenAsync(
            new SqliteOptions { Folder = folder }, time, NullLogger.Instance);
        var secret = await InstallationKeyFile.OpenAsync(folder, store, CancellationToken.None);
        var engine = await LifecycleEngine.OpenAsync(
            wrap(store), secret, new EngineSettings { Folder = folder }, options ?? new EngineOptions(), time,
            NullLoggerFactory.Instance, CancellationToken.None);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }

    private static async Task LiveAsync(LifecycleEngine engine, int customer, DateTime until, CancellationToken cancel)
    {
        var id = EventMix.CustomerId(customer);
        var body = OrderHistory.Render(id, until, new Random(Seed + customer));
        var batch = EventReader.Read(body, Instant.From(until), new EventReaderLimits(5_000, 1 << 20));
        var deliveries = batch.Events.Select(read => new Delivery(
            read.Event ?? throw new InvalidOperationException(read.Problem!.Detail), Historical: true)).ToList();
        foreach (var outcome in await engine.Customers.ApplyAsync(id, deliveries, cancel))
            if (outcome is not Outcome.Accepted)
                throw new InvalidOperationException($"An event was not accepted: {outcome}");
    }
}
