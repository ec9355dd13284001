using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;
using Lifecycle.Engine.Verification;

namespace Lifecycle.Engine.Tests.Hosting;

/// <summary>One changed byte stops one customer, by name, and nobody else.</summary>
public sealed class IsolationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_changed_byte_of_one_stored_effect_is_named_and_its_customer_alone_is_stopped()
    {
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        foreach (var name in new[] { "ann", "bob", "cid" })
            for (var i = 0; i < 4; i++) await fixture.SendAsync(name, Some.Adjust($"{name}-{i}", fixture.Clock.Now, 1_000_003 + i));
        var damaged = (await fixture.RowsAsync("bob"))[2];
        await fixture.Engine.DisposeAsync();
        FlipEffect(Path.Combine(fixture.Folder, "journal.db"), damaged);
        File.Delete(Path.Combine(fixture.Folder, "projection.db"));

        await using (var offline = await SqliteStore.OpenReadOnlyAsync(fixture.Folder))
        {
            var found = Assert.Single((await Verifier.VerifyAsync(offline, null, Cancel)).Violations);
            Assert.Equal((ViolationCodes.Chain, damaged.Customer, 3L), (found.Code, found.Customer, found.Seq));
        }

        await fixture.ReopenAsync(start: true);
        Assert.Equal([damaged.Customer], fixture.Engine.Isolation.Customers.Keys);
        Func<Task>[] calls =
        [
            () => fixture.SendAsync("bob", Some.Visit("v", fixture.Clock.Now)),
            () => fixture.Customers.ViewAsync("bob", PointInTime.Now, Cancel),
            () => fixture.Customers.ExplainAsync("bob", "stage", PointInTime.Now, 5, Cancel),
        ];
        foreach (var call in calls)
            Assert.Equal(UnavailableCodes.Isolated, (await Assert.ThrowsAsync<UnavailableException>(call)).Code);
        Assert.IsType<Outcome.Accepted>(await fixture.SendAsync("ann", Some.Visit("v", fixture.Clock.Now)));
        Assert.NotNull(await fixture.Customers.ViewAsync("cid", PointInTime.Now, Cancel));
        var feed = await fixture.Engine.Feed.ReadAsync(null, 100, TimeSpan.Zero, Cancel);
        Assert.Equal((13, damaged.Position), (feed.Items.Count, Assert.Single(feed.Items, item => item.Entry is null).Position));
    }

    [Fact]
    public async Task A_server_that_verifies_isolates_whom_it_finds_damaged()
    {
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        foreach (var name in new[] { "ann", "bob" })
            for (var i = 0; i < 3; i++) await fixture.SendAsync(name, Some.Adjust($"{name}-{i}", fixture.Clock.Now, 1_000_003 + i));
        var damaged = (await fixture.RowsAsync("bob"))[0];
        await fixture.Engine.DisposeAsync();
        FlipEffect(Path.Combine(fixture.Folder, "journal.db"), damaged);
        // The snapshot is of a later entry, so that nothing needs the damaged one.
        await fixture.ReopenAsync(start: true);
        Assert.IsType<Outcome.Accepted>(await fixture.SendAsync("bob", Some.Visit("v", fixture.Clock.Now)));
        Assert.Single((await fixture.Engine.VerifyAsync(null, Cancel)).Violations);
        await Assert.ThrowsAsync<UnavailableException>(() => fixture.SendAsync("bob", Some.Visit("w", fixture.Clock.Now)));
        Assert.IsType<Outcome.Accepted>(await fixture.SendAsync("ann", Some.Visit("w", fixture.Clock.Now)));
    }

    [Fact]
    public async Task A_whole_entry_that_the_fold_cannot_take_isolates_its_customer()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        await fixture.SendAsync("bob", Some.Visit("v-1", fixture.Clock.Now));
        var row = (await fixture.RowsAsync("ann"))[0];
        var entry = EntryCodec.Decode(row) with
        {
            Seq = 2,
            // No account has this number.
            Effects = [new Effect.PointsMoved((Domain.Points.Account)14, 0, 1, default, "", "", null)],
            EventKey = new Hash16(7, 7),
        };
        var forged = row with { Seq = 2, EventKey = entry.EventKey, Prev = row.Hash, Body = EntryCodec.Encode(entry, null, default) };
        await fixture.Engine.Store.Journal.AppendAsync(
            new JournalBatch([forged with { Hash = Lifecycle.Engine.Actors.Chain.HashOf(forged) }], [], []), Cancel);
        await fixture.ReopenAsync();
        var told = await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel));
        Assert.Equal(UnavailableCodes.Isolated, told.Code);
        Assert.NotNull(await fixture.Customers.ViewAsync("bob", PointInTime.Now, Cancel));
    }

    /// <summary>A body begins with four bytes of head; its first effect is a tag, the accounts, then three bytes of points.</summary>
    private static void FlipEffect(string path, JournalRow row)
    {
        var file = File.ReadAllBytes(path);
        var body = row.Body.ToArray();
        var at = file.AsSpan().IndexOf(body);
        Assert.True(at > 0, "The body is not in the file as it is.");
        var effects = EntryCodec.Decode(row).Effects;
        Assert.Contains(effects, effect => effect is Effect.PointsMoved);
        file[at + 7] ^= 1;
        File.WriteAllBytes(path, file);
    }
}
