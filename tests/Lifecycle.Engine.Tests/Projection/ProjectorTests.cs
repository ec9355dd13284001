using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Tests.Projection;

public sealed class ProjectorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_table_is_complete_up_to_its_watermark()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.StartProjectionAsync();
        var table = fixture.Engine.Store.Projection;
        for (var i = 0; i < 5; i++) await fixture.SendAsync($"c{i % 2}", Some.Adjust($"a-{i}", fixture.Clock.Now, 1));
        Assert.Equal(0, await table.ReadWatermarkAsync(Cancel));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        Assert.Equal(5, await table.ReadWatermarkAsync(Cancel));
        Assert.Equal([2L, 3], (await table.ScanAsync(null, 9, Cancel)).Select(row => row.Available).Order());
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task What_was_committed_before_and_while_it_starts_is_taken_up()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 5; i++) await fixture.SendAsync($"c{i}", Some.Adjust("a", fixture.Clock.Now, 1));
        await fixture.StartProjectionAsync();
        Assert.Equal(5, await fixture.Engine.Store.Projection.ReadWatermarkAsync(Cancel));
        await fixture.ReopenAsync();
        await fixture.SendAsync("c0", Some.Visit("v", fixture.Clock.Now));
        await fixture.Engine.DisposeAsync();
        await fixture.OpenAgainAsync();
        await fixture.StartProjectionAsync();
        Assert.Equal(6, await fixture.Engine.Store.Projection.ReadWatermarkAsync(Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task What_is_taken_over_is_not_forgotten_when_the_journal_cannot_be_read_just_then()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 3; i++) await fixture.SendAsync($"c{i}", Some.Adjust("a", fixture.Clock.Now, 1));
        TestStore store = null!;
        await fixture.ReopenAsync(inner => store = new TestStore(inner));
        store.Appends.HeadReadsFail = true;
        await Assert.ThrowsAsync<StoreException>(fixture.StartProjectionAsync);
        store.Appends.HeadReadsFail = false;
        await fixture.StartProjectionAsync();
        Assert.Equal(3, await fixture.Engine.Store.Projection.ReadWatermarkAsync(Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_deleted_projection_is_rebuilt_from_the_journal_and_is_the_same()
    {
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        for (var i = 0; i < 40; i++)
        {
            await fixture.SendAsync($"c{i % 7}", Some.Order($"o-{i}", fixture.Clock.Now, 1_000 + i));
            await fixture.AdvanceAsync(TimeSpan.FromDays(1));
        }

        await fixture.Engine.Projector.FlushAsync(Cancel);
        var before = await fixture.Engine.Store.Projection.ScanAsync(null, 100, Cancel);
        await fixture.Engine.DisposeAsync();
        foreach (var file in Directory.GetFiles(fixture.Folder, "projection.db*")) File.Delete(file);
        await fixture.OpenAgainAsync();
        await fixture.StartProjectionAsync();
        var after = await fixture.Engine.Store.Projection.ScanAsync(null, 100, Cancel);
        // The running engine may have ticked a customer after the scan.
        Assert.Equal(before.Select(row => row.Customer), after.Select(row => row.Customer));
        await fixture.VerifyAsync();
    }

    [Theory]
    [InlineData("another history's hash")]
    [InlineData("a flipped bit")]
    [InlineData("another format")]
    [InlineData("cut short")]
    [InlineData("a longer history that was lost")]
    [InlineData("another customer's")]
    public async Task A_snapshot_that_cannot_be_trusted_is_replaced_and_the_journal_folded(string what)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.StartProjectionAsync();
        for (var i = 0; i < 4; i++) await fixture.SendAsync("ann", Some.Adjust($"a-{i}", fixture.Clock.Now, 10));
        for (var i = 0; i < 4; i++) await fixture.SendAsync("bob", Some.Adjust($"a-{i}", fixture.Clock.Now, 99));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        var table = fixture.Engine.Store.Projection;
        var right = await table.ReadAsync(fixture.Engine.Secret.CustomerKeyOf("ann"), Cancel);
        var bob = await table.ReadAsync(fixture.Engine.Secret.CustomerKeyOf("bob"), Cancel);
        Assert.NotNull(right);
        await table.WriteAsync([Spoil(right, bob!, what)], 8, Cancel);

        await fixture.ReopenAsync();
        await fixture.StartProjectionAsync();
        await fixture.Engine.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        // A crash now must not leave a customer without a row, who would never be due.
        Assert.NotNull(await fixture.Engine.Store.Projection.ReadAsync(right.Customer, Cancel));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        var stored = await fixture.Engine.Store.Projection.ReadAsync(right.Customer, Cancel);
        Assert.Equal((4, right.Hash, 40), (stored!.Seq, stored.Hash, stored.Available));
        var taken = await fixture.TakeAsync("ann", Some.Adjust("a-4", fixture.Clock.Now, 1));
        Assert.Equal((5, 41), (taken.Receipt.Version, taken.Receipt.Available));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        Assert.Equal(41, (await fixture.Engine.Store.Projection.ReadAsync(right.Customer, Cancel))!.Available);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_projection_that_cannot_be_written_holds_nothing_up_and_catches_up()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.StartProjectionAsync();
        var path = Path.Combine(fixture.Folder, "projection.db");
        using (var blocker = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            await blocker.OpenAsync(Cancel);
            using var command = blocker.CreateCommand();
            command.CommandText = "alter table customers rename to away";
            command.ExecuteNonQuery();
            var taken = await fixture.SendAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 10));
            Assert.IsType<Outcome.Accepted>(taken);
            await Assert.ThrowsAsync<StoreException>(() => fixture.Engine.Projector.FlushAsync(Cancel));
            command.CommandText = "alter table away rename to customers";
            command.ExecuteNonQuery();
        }

        await fixture.Engine.Projector.FlushAsync(Cancel);
        Assert.Equal(1, await fixture.Engine.Store.Projection.ReadWatermarkAsync(Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task What_a_commit_of_unknown_outcome_wrote_is_taken_up()
    {
        var (fixture, store) = await StartedAsync();
        await using var _ = fixture;
        await fixture.TakeAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 5));
        store.Appends.FailAfter();
        await fixture.TakeAsync("ann", Some.Adjust("a-2", fixture.Clock.Now, 2));
        await fixture.TakeAsync("bob", Some.Adjust("a-1", fixture.Clock.Now, 1));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        var table = fixture.Engine.Store.Projection;
        var ann = await table.ReadAsync(fixture.Engine.Secret.CustomerKeyOf("ann"), Cancel);
        Assert.Equal((7L, 3L), (ann!.Available, await table.ReadWatermarkAsync(Cancel)));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task What_waits_is_written_before_the_range_after_it_is_taken_up()
    {
        var (fixture, store) = await StartedAsync();
        await using var _ = fixture;
        var (table, ann) = (fixture.Engine.Store.Projection, fixture.Engine.Secret.CustomerKeyOf("ann"));
        await fixture.TakeAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 5));
        store.Appends.FailAfter();
        await fixture.TakeAsync("bob", Some.Adjust("a-1", fixture.Clock.Now, 2));
        CustomerRow? there = null;
        store.Appends.OnFeed = async () => there = await table.ReadAsync(ann, Cancel);
        await fixture.Engine.Projector.FlushAsync(Cancel);
        // A crash right after the range is written must find a watermark that is true.
        Assert.Equal(1, there?.Seq);
        Assert.Equal(2, await table.ReadWatermarkAsync(Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task What_is_given_up_while_another_range_is_taken_up_is_taken_up_too()
    {
        var (fixture, store) = await StartedAsync();
        await using var _ = fixture;
        await fixture.TakeAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 5));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        store.Appends.FailAfter();
        await fixture.TakeAsync("ann", Some.Adjust("a-2", fixture.Clock.Now, 2));
        store.Appends.OnFeed = async () =>
        {
            store.Appends.OnFeed = null;
            store.Appends.FailAfter();
            await fixture.TakeAsync("bob", Some.Adjust("a-1", fixture.Clock.Now, 1));
        };
        await fixture.Engine.Projector.FlushAsync(Cancel);
        await fixture.TakeAsync("carl", Some.Adjust("a-1", fixture.Clock.Now, 1));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        var table = fixture.Engine.Store.Projection;
        Assert.Equal(4, await table.ReadWatermarkAsync(Cancel));
        Assert.NotNull(await table.ReadAsync(fixture.Engine.Secret.CustomerKeyOf("bob"), Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task The_watermark_stays_below_a_commit_that_was_given_up_and_may_still_come()
    {
        var (fixture, store) = await StartedAsync();
        await using var _ = fixture;
        await fixture.TakeAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 5));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        store.Appends.Unsettled = true;
        store.Appends.FailAfter();
        await fixture.TakeAsync("bob", Some.Adjust("a-1", fixture.Clock.Now, 2));
        await fixture.TakeAsync("carl", Some.Adjust("a-1", fixture.Clock.Now, 1));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        var table = fixture.Engine.Store.Projection;
        Assert.Equal(1, await table.ReadWatermarkAsync(Cancel));
        store.Appends.Unsettled = false;
        await fixture.Engine.Projector.FlushAsync(Cancel);
        Assert.Equal(3, await table.ReadWatermarkAsync(Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task The_watermark_stays_below_a_commit_that_is_under_way()
    {
        var (fixture, store) = await StartedAsync(lanes: 2);
        await using var _ = fixture;
        var (one, other) = OfTwoLanes(fixture);
        await fixture.TakeAsync(one, Some.Adjust("a-1", fixture.Clock.Now, 5));
        var hold = store.Appends.HoldAppends();
        var held = fixture.SendAsync(other, Some.Adjust("a-1", fixture.Clock.Now, 2));
        await hold.Arrived.WaitAsync(Cancel);
        store.Appends.PassOthers(hold);
        await fixture.TakeAsync(one, Some.Adjust("a-2", fixture.Clock.Now, 5));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        Assert.Equal(1, await fixture.Engine.Store.Projection.ReadWatermarkAsync(Cancel));
        hold.Release();
        Assert.IsType<Outcome.Accepted>(await held);
        await fixture.Engine.Projector.FlushAsync(Cancel);
        Assert.Equal(3, await fixture.Engine.Store.Projection.ReadWatermarkAsync(Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_range_that_is_taken_up_begins_below_what_is_committed_and_not_answered()
    {
        var (fixture, store) = await StartedAsync(lanes: 2);
        await using var _ = fixture;
        var (one, other) = OfTwoLanes(fixture);
        await fixture.TakeAsync(one, Some.Adjust("a-1", fixture.Clock.Now, 5));
        var key = fixture.Engine.Secret.CustomerKeyOf(other);
        var (committed, answered) = (new TaskCompletionSource(), new TaskCompletionSource());
        store.Appends.OnAppended = async batch =>
        {
            if (batch.Rows[0].Customer != key) return;
            committed.SetResult();
            await answered.Task;
        };
        var late = fixture.SendAsync(other, Some.Adjust("a-1", fixture.Clock.Now, 2));
        await committed.Task.WaitAsync(Cancel);
        await fixture.TakeAsync(one, Some.Adjust("a-2", fixture.Clock.Now, 5));
        store.Appends.FailAfter();
        await fixture.TakeAsync(one, Some.Adjust("a-3", fixture.Clock.Now, 5));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        var table = fixture.Engine.Store.Projection;
        var (watermark, there) = (await table.ReadWatermarkAsync(Cancel), await table.ReadAsync(key, Cancel));
        answered.SetResult();
        Assert.IsType<Outcome.Accepted>(await late);
        Assert.Equal((4L, 1L), (watermark, there?.Seq));
        await fixture.VerifyAsync();
    }

    /// <summary>An engine whose appends the test makes fail or wait, with its projection started.</summary>
    private static async Task<(EngineFixture Fixture, TestStore Store)> StartedAsync(int lanes = 1)
    {
        TestStore store = null!;
        var fixture = await EngineFixture.OpenAsync(
            inner => store = new TestStore(inner) { Appends = new(inner.Journal) { Lanes = lanes } });
        await fixture.StartProjectionAsync();
        return (fixture, store);
    }

    private static (string One, string Other) OfTwoLanes(EngineFixture fixture)
    {
        var lanes = Enumerable.Range(0, 64).Select(i => $"c{i}")
            .GroupBy(id => fixture.Engine.Secret.CustomerKeyOf(id).Value.Low % 2).ToArray();
        return (lanes[0].First(), lanes[1].First());
    }

    private static CustomerRow Spoil(CustomerRow row, CustomerRow other, string what)
    {
        var state = row.State.ToArray();
        if (what == "a flipped bit") state[state.Length / 2] ^= 4;
        if (what == "another format") state[0] = 1;
        return what switch
        {
            "another history's hash" => row with { Hash = other.Hash },
            "cut short" => row with { State = state.AsMemory(0, 20) },
            "a longer history that was lost" => row with { Seq = 900, Available = 7 },
            "another customer's" => other with { Customer = row.Customer, Hash = row.Hash },
            _ => row with { State = state },
        };
    }
}
