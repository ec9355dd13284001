using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

public sealed class StoreFailureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public async Task Inputs_whose_batch_failed_are_decided_anew_and_taken_once(int before, int after)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        store!.Appends.FailBefore(before);
        store.Appends.FailAfter(after);
        var answers = await fixture.Customers.ApplyAsync(
            "ann",
            [
                new(Some.Adjust("a-1", now, 5)), new(Some.Adjust("a-1", now, 5)), new(Some.Redeem("r-1", now, 9)),
                new(Some.Visit("v-1", now)),
            ],
            Cancel);
        // The first delivery of each input is no redelivery, whatever the commit's outcome was.
        Assert.Equal(
            [(1L, false), (1L, true), (2L, false), (3L, false)],
            answers.Select(answer => answer switch
            {
                Outcome.Accepted taken => (taken.Receipt.Version, taken.Replayed),
                Outcome.Refused refused => (refused.Version, refused.Replayed),
                _ => default,
            }));
        Assert.Equal(3, (await fixture.RowsAsync("ann")).Count);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task After_a_failure_and_three_more_the_sender_is_told_and_later_the_same_is_taken()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        store!.Appends.FailBefore(1 + new EngineOptions().AttemptsMax);
        var told = await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.SendAsync("ann", Some.Adjust("a-1", now, 5)));
        Assert.Equal(UnavailableCodes.Unavailable, told.Code);
        Assert.Null(await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel));
        var taken = await fixture.TakeAsync("ann", Some.Adjust("a-1", now, 5));
        Assert.Equal((1, 5, false), (taken.Receipt.Version, taken.Receipt.Available, taken.Replayed));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task What_was_queued_behind_a_failed_batch_is_never_written_on_its_old_head()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s), new EngineOptions { BatchEntriesMax = 1 });
        var now = fixture.Clock.Now;
        await fixture.SendAsync("ann", Some.Visit("v-0", now));
        var hold = store!.Appends.HoldAppends();
        var sent = Enumerable.Range(1, 5)
            .Select(i => fixture.SendAsync("ann", Some.Adjust($"a-{i}", now, i))).ToArray();
        await hold.Arrived.WaitAsync(Cancel);
        store.Appends.FailBefore();
        hold.Release();
        var answers = await Task.WhenAll(sent);
        Assert.Equal([2L, 3, 4, 5, 6], answers.Select(a => Assert.IsType<Outcome.Accepted>(a).Receipt.Version));
        Assert.DoesNotContain(store.Appends.Tried, tried => tried.Result?.Conflicts.Count > 0);
        Assert.Equal(6, (await fixture.RowsAsync("ann")).Count);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task One_customers_conflict_leaves_the_others_of_its_batch_alone()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        foreach (var id in new[] { "ann", "bob", "zoe" }) await fixture.SendAsync(id, Some.Visit("v-0", now));
        await using var other = await fixture.OpenSecondEngineAsync();
        await other.Customers.ApplyAsync("ann", [new Delivery(Some.Visit("b-0", now))], Cancel);
        var hold = store!.Appends.HoldAppends();
        var first = fixture.SendAsync("zoe", Some.Visit("v", now));
        await hold.Arrived.WaitAsync(Cancel);
        Task<Outcome>[] sent =
            [fixture.SendAsync("ann", Some.Visit("v-1", now)), fixture.SendAsync("bob", Some.Visit("v", now))];
        hold.Release();
        Assert.IsType<Outcome.Accepted>(await first);
        Assert.Equal(3, Assert.IsType<Outcome.Accepted>(await sent[0]).Receipt.Version);
        Assert.IsType<Outcome.Accepted>(await sent[1]);
        var mixed = Assert.Single(store.Appends.Tried, tried => tried.Batch.Rows.Count == 2);
        Assert.Equal([fixture.Engine.Secret.CustomerKeyOf("ann")], mixed.Result!.Conflicts);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_no_absent_customer()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        await fixture.SendAsync("ann", Some.Visit("v-0", now));
        await fixture.AdvanceAsync(TimeSpan.FromHours(1));
        store!.Appends.ReadsFail = true;
        Func<Task>[] calls =
        [
            () => fixture.SendAsync("bob", Some.Visit("v-1", now)),
            () => fixture.Customers.ViewAsync("bob", PointInTime.Now, Cancel),
            () => fixture.Customers.ViewAsync("ann", new PointInTime(now, now), Cancel),
            () => fixture.Customers.ExplainAsync("ann", "stage", PointInTime.Now, 10, Cancel),
            () => fixture.Customers.EntriesAsync("ann", long.MaxValue, 10, Cancel),
        ];
        foreach (var call in calls)
            Assert.Equal(UnavailableCodes.Unavailable, (await Assert.ThrowsAsync<UnavailableException>(call)).Code);
        store.Appends.ReadsFail = false;
        Assert.NotNull(await fixture.Customers.EntriesAsync("ann", long.MaxValue, 10, Cancel));
        await fixture.TakeAsync("bob", Some.Visit("v-1", now));
    }

    [Fact]
    public async Task When_the_store_fails_to_write_and_to_read_the_senders_are_told_at_once()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        var hold = store!.Appends.HoldAppends();
        Task<Outcome>[] sent =
            [fixture.SendAsync("ann", Some.Visit("v-0", now)), fixture.SendAsync("ann", Some.Visit("v-1", now))];
        await hold.Arrived.WaitAsync(Cancel);
        store.Appends.FailBefore();
        store.Appends.ReadsFail = true;
        hold.Release();
        foreach (var task in sent) await Assert.ThrowsAsync<UnavailableException>(() => task);
        store.Appends.ReadsFail = false;
        Assert.Equal(1, (await fixture.TakeAsync("ann", Some.Visit("v-1", now))).Receipt.Version);
        await fixture.VerifyAsync();
    }
}
