using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Postgres.Tests;

/// <summary>
/// The steps of docs/backup.md on a server of its own: a base backup while several write, the log, a point in time
/// between two batches, and the adoption of what comes back.
/// </summary>
public sealed class PointInTimeTests
{
    private static readonly InstallationSecret Secret = new(new byte[InstallationSecret.Size]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_restored_to_an_instant_goes_on_as_a_history_of_its_own()
    {
        await using var server = await ArchivedServer.StartAsync();
        string cursor, time;
        long kept;
        SortedDictionary<CustomerKey, Hash16> folds;
        await using (var engine = await OpenAsync(server.ConnectionString))
        {
            await engine.StartAsync(Cancel);
            await SendAsync(engine, "before");
            var writing = SendAsync(engine, "during");
            await server.BackUpAsync();
            await writing;
            kept = await engine.Store.Journal.ReadHeadAsync(Cancel);
            folds = await FoldAsync(engine.Store);
            time = $"{await ArchivedServer.SqlAsync(server.ConnectionString, "select clock_timestamp()::text")}";
            await SendAsync(engine, "after");
            Assert.True(await engine.Store.Journal.ReadHeadAsync(Cancel) > kept);
            cursor = await engine.Feed.ReadEndAsync(Cancel);
            await server.ArchiveAsync();
        }

        var restored = await server.RestoreAsync(time);
        var summary = await PostgresAdoption.RunAsync(
            new() { ConnectionString = restored }, false, TimeProvider.System, null, Cancel);
        Assert.Equal((true, kept, 0), (summary.Adopted, summary.End.Position, summary.Report.ViolationsFound));

        await using var again = await OpenAsync(restored);
        Assert.Equal(summary.Epoch, again.Epoch);
        Assert.Equal(folds, await FoldAsync(again.Store));
        Assert.Equal(0, await again.Store.Projection.CountAsync(Cancel));
        await again.StartAsync(Cancel);
        await again.Projector.FlushAsync(Cancel);
        Assert.Equal(folds.Count, await again.Store.Projection.CountAsync(Cancel));
        Assert.Empty((await again.VerifyAsync(null, Cancel)).Violations);
        var refused = await Assert.ThrowsAsync<FeedCursorException>(
            () => again.Feed.ReadAsync(cursor, 1, TimeSpan.Zero, Cancel));
        Assert.Equal(FeedCursorException.OtherEpoch, refused.Code);
        Assert.True((await TakeAsync(again, "c-0", "during-0")).Replayed);
        Assert.False((await TakeAsync(again, "c-0", "after-0")).Replayed);
        Assert.Empty((await again.VerifyAsync(null, Cancel)).Violations);
    }

    private static async Task<LifecycleEngine> OpenAsync(string connectionString) => await LifecycleEngine.OpenAsync(
        await TestServer.OpenAsync(new() { ConnectionString = connectionString }), Secret, new EngineSettings(),
        new EngineOptions(), TimeProvider.System, NullLoggerFactory.Instance, Cancel);

    /// <summary>Three writers of forty customers.</summary>
    private static Task SendAsync(LifecycleEngine engine, string name) => Task.WhenAll(Enumerable.Range(0, 3).Select(
        async writer =>
        {
            for (var i = writer; i < 120; i += 3) await TakeAsync(engine, $"c-{i % 40}", $"{name}-{i}");
        }));

    private static async Task<Outcome.Accepted> TakeAsync(LifecycleEngine engine, string customer, string id)
    {
        // At one instant for all, so that the same input is the same whenever it is sent.
        var order = new Input.Event(EventTypes.OrderPlaced, new EventData(
            [new(EventSchema.OrderId, Text: id), new(EventSchema.AmountMinor, Integer: 5_000)], [], default))
        {
            Source = "shop", Id = id, OccurredAt = Instant.From(new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        };
        return Assert.IsType<Outcome.Accepted>((await engine.Customers.ApplyAsync(customer, [new(order)], Cancel))[0]);
    }

    private static async Task<SortedDictionary<CustomerKey, Hash16>> FoldAsync(IStore store)
    {
        var folds = new SortedDictionary<CustomerKey, Hash16>();
        foreach (var customer in await store.Journal.ReadCustomersAsync(null, 1_000, Cancel))
        {
            var head = await new HeadLoader(store).LoadAsync(customer, long.MaxValue, Cancel);
            folds[customer] = StateCodec.HashOf(head.State);
        }

        return folds;
    }
}
