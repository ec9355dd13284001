using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Postgres.Tests;

/// <summary>Two engines on one database: what one changes reaches the other.</summary>
public sealed class SharedEngineTests(TestServer server) : DatabaseTests(server)
{
    private static readonly InstallationSecret Secret = new(new byte[InstallationSecret.Size]);

    private static readonly string Slower =
        ShippedPrograms.Default.Replace("pending: 14d", "pending: 30d", StringComparison.Ordinal);

    [Fact]
    public async Task Nobody_decides_under_an_old_program_whatever_the_clocks_and_however_late_the_list_is_read()
    {
        var held = new HeldRegistry(await TestServer.OpenAsync(Options(null, exclusive: false)));
        // One a second behind the database and one ahead: what the second decides is ahead of the first one's clock.
        await using var behind = await EngineAsync(
            await TestServer.OpenAsync(Options(null, exclusive: false)), TimeSpan.FromSeconds(-1));
        await using var ahead = await EngineAsync(held, TimeSpan.FromSeconds(1));
        Done(await behind.Programs.StoreAsync(Slower, Cancel));
        Assert.True(await TryAsync(ahead, "ann", "first"));
        held.Hold();
        var effectiveAt = Done(await behind.Programs.ActivateAsync(2, null, Cancel)).EffectiveAt;

        var (takenByAhead, refusedByAhead, number) = (0, 0, 0);
        while (DateTime.UtcNow < effectiveAt.ToDateTimeOffset() + TimeSpan.FromSeconds(1.2))
        {
            var taken = await TryAsync(ahead, number % 2 == 0 ? "ann" : "bob", $"ahead {++number}");
            if (taken) takenByAhead++;
            else refusedByAhead++;
            await TryAsync(behind, number % 2 == 0 ? "ann" : "cid", $"behind {number}");
            await Task.Delay(10, Cancel);
        }

        // Held up for longer than a list is certain, it was told to stop, and it goes on once it can read.
        Assert.InRange(refusedByAhead, 1, number);
        Assert.InRange(takenByAhead, 1, number);
        Assert.False(ahead.Programs.IsCertain);
        Assert.Contains(ahead.Readiness.Problems, p => p.Contains("program", StringComparison.Ordinal));
        held.Release();
        while (!await TryAsync(ahead, "ann", "last")) await Task.Delay(20, Cancel);
        while (!await TryAsync(behind, "ann", "last but one")) await Task.Delay(20, Cancel);

        var entries = (await behind.Store.Journal.ReadFeedAsync(0, 10_000, Cancel)).Select(EntryCodec.Decode).ToList();
        Assert.All(entries, e => Assert.Equal(e.At >= effectiveAt ? 2 : 1, e.ProgramVersion));
        Assert.Contains(entries, e => e.ProgramVersion == 1);
        Assert.Contains(entries, e => e.ProgramVersion == 2);
    }

    [Fact]
    public async Task What_one_commits_wakes_those_who_wait_at_the_other_and_is_in_its_scan()
    {
        await using var one = await EngineAsync(await TestServer.OpenAsync(Options(null, exclusive: false)), default);
        await using var other = await EngineAsync(await TestServer.OpenAsync(Options(null, exclusive: false)), default);
        var cursor = await other.Feed.ReadEndAsync(Cancel);
        var waiting = other.Feed.ReadAsync(cursor, 10, TimeSpan.FromSeconds(30), Cancel);
        Assert.True(await TryAsync(one, "ann", "first"));
        var start = DateTime.UtcNow;
        var page = await waiting;
        Assert.InRange(DateTime.UtcNow - start, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal("ann", Assert.Single(page.Items).Id);
        // Caught up: the head is looked at and is nothing new, so nobody is woken for nothing.
        Assert.Empty((await other.Feed.ReadAsync(page.Cursor, 10, TimeSpan.FromMilliseconds(500), Cancel)).Items);

        var scanned = new List<string>();
        await foreach (var customers in other.Scan.ReadAsync(await other.Scan.CutAsync(Cancel), KeyShare.All, null, null, Cancel))
            scanned.AddRange(customers.Select(customer => customer.Name));
        Assert.Equal(["ann"], scanned);
    }

    [Fact]
    public async Task Engines_that_start_at_once_on_an_empty_store_give_it_one_first_program()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 3).Select(
            _ => TestServer.OpenAsync(Options(null, exclusive: false))));
        var engines = await Task.WhenAll(stores.Select(store => Task.Run(() => OpenAsync(store, default), Cancel)));
        var list = await stores[0].Registry.ReadActivationsAsync(Cancel);
        Assert.Equal((1, 1), (list.Versions, list.All.Count));
        Assert.Equal(Instant.Earliest, list.All[0].EffectiveAt);
        foreach (var engine in engines) await engine.DisposeAsync();
    }

    [Fact]
    public async Task The_databases_clock_says_what_is_too_soon()
    {
        // Five seconds behind: by its own clock all of this is well ahead.
        await using var engine = await OpenAsync(
            await TestServer.OpenAsync(Options(null, exclusive: false)), TimeSpan.FromSeconds(-5));
        var book = engine.Programs;
        Done(await book.StoreAsync(Slower, Cancel));
        var soon = Instant.From(DateTimeOffset.UtcNow.AddSeconds(1));
        var refused = Assert.IsType<ProgramOutcome<StoredActivation>.Refused>(
            await book.ActivateAsync(2, soon, Cancel));
        Assert.Equal(ProgramRefusals.InvalidEffectiveAt, refused.Code);

        var before = DateTimeOffset.UtcNow;
        var added = Done(await book.ActivateAsync(2, null, Cancel));
        Assert.True(added.EffectiveAt >= Instant.From(before).Plus(ProgramBook.EffectiveDelay));
        Assert.Equal(added, book.Known.Last);
        var late = Assert.IsType<ProgramOutcome<StoredActivation>.Refused>(await book.WithdrawAsync(added.Id, Cancel));
        Assert.Equal(ProgramRefusals.ActivationInEffect, late.Code);
        Assert.False(await engine.Store.Registry.WithdrawActivationAsync(added.Id, added.EffectiveAt, Cancel));
        Assert.Null(await engine.Store.Registry.AddActivationAsync(
            1, added.EffectiveAt, Instant.Earliest, ActivationOrigins.Api, Cancel));
    }

    private static async Task<LifecycleEngine> EngineAsync(IStore store, TimeSpan ahead)
    {
        var engine = await OpenAsync(store, ahead);
        await engine.StartAsync(Cancel);
        return engine;
    }

    private static Task<LifecycleEngine> OpenAsync(IStore store, TimeSpan ahead) => LifecycleEngine.OpenAsync(
        store, Secret, new EngineSettings(), new EngineOptions(), new SkewedClock(ahead), NullLoggerFactory.Instance,
        Cancel);

    private static T Done<T>(ProgramOutcome<T> outcome) => Assert.IsType<ProgramOutcome<T>.Done>(outcome).Value;

    /// <summary>False where it is told to come back.</summary>
    private static async Task<bool> TryAsync(LifecycleEngine engine, string customer, string id)
    {
        var order = new Input.Event(EventTypes.OrderPlaced, new EventData(
            [new(EventSchema.OrderId, Text: id), new(EventSchema.AmountMinor, Integer: 5_000)], [], default))
        {
            Source = "shop", Id = id, OccurredAt = Instant.From(new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        };
        try
        {
            var outcome = (await engine.Customers.ApplyAsync(customer, [new(order)], Cancel))[0];
            Assert.IsType<Outcome.Accepted>(outcome);
            return true;
        }
        catch (UnavailableException)
        {
            return false;
        }
    }
}
