using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>Two actors alive for one customer: what must not happen, and what happens when it does.</summary>
public sealed class StaleActivationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stale_actor_with_three_batches_in_flight_commits_none_of_them_and_decides_anew_in_order()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s), new EngineOptions { BatchEntriesMax = 1 });
        var now = fixture.Clock.Now;
        await fixture.SendAsync("ann", Some.Adjust("a-0", now, 100));
        await using var other = await fixture.OpenSecondEngineAsync();

        var hold = store!.Appends.HoldAppends();
        Task<Outcome>[] sent =
        [
            fixture.SendAsync("ann", Some.Redeem("a-1", now, 60)),
            fixture.SendAsync("ann", Some.Redeem("a-2", now, 60)),
            fixture.SendAsync("ann", Some.Adjust("a-3", now, 7)),
        ];
        await hold.Arrived.WaitAsync(Cancel);
        // Where the first engine thinks that there are 100 points, 50 of them are gone.
        Assert.Equal(2, Version(await ApplyAsync(other, Some.Redeem("b-1", now, 50))));
        Assert.All(sent, task => Assert.False(task.IsCompleted));
        hold.Release();
        var answers = await Task.WhenAll(sent);

        Assert.All(
            answers[..2], answer => Assert.Equal("insufficient_points", Assert.IsType<Outcome.Refused>(answer).Code));
        var last = Assert.IsType<Outcome.Accepted>(answers[2]);
        Assert.Equal((5, 57, false), (last.Receipt.Version, last.Receipt.Available, last.Replayed));
        // One batch met the other history; the two behind it were dropped before they reached the store.
        Assert.Single(store.Appends.Tried, tried => tried.Result!.Conflicts.Count > 0);
        Assert.Equal(5, (await fixture.RowsAsync("ann")).Count);
        await fixture.VerifyJournalAsync();
    }

    [Fact]
    public async Task The_same_input_on_both_is_taken_once_and_answered_twice()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        await fixture.SendAsync("ann", Some.Visit("v-0", now));
        await using var other = await fixture.OpenSecondEngineAsync();
        var hold = store!.Appends.HoldAppends();
        var mine = fixture.SendAsync("ann", Some.Adjust("a-1", now, 5));
        await hold.Arrived.WaitAsync(Cancel);
        // At the same instant both would write the same bytes, and it would be one entry whoever wrote it.
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));
        var theirs = Assert.IsType<Outcome.Accepted>(await ApplyAsync(other, Some.Adjust("a-1", now, 5)));
        hold.Release();
        var repeated = Assert.IsType<Outcome.Accepted>(await mine);
        Assert.True(repeated.Replayed);
        Assert.Equal((theirs.Receipt.Version, 5), (repeated.Receipt.Version, repeated.Receipt.Available));
        await fixture.VerifyJournalAsync();
    }

    [Fact]
    public async Task Two_engines_that_write_one_customer_at_once_lose_and_double_nothing()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await using var other = await fixture.OpenSecondEngineAsync();
        var now = fixture.Clock.Now;
        for (var i = 0; i < 20; i++)
        {
            var answers = await Task.WhenAll(
                Task.Run(() => fixture.SendAsync("ann", Some.Adjust($"a-{i}", now, 3)), Cancel),
                Task.Run(() => ApplyAsync(other, Some.Adjust($"b-{i}", now, 4)), Cancel),
                Task.Run(() => ApplyAsync(other, Some.Adjust($"a-{i}", now, 3)), Cancel));
            Assert.All(answers, answer => Assert.IsType<Outcome.Accepted>(answer));
        }

        var last = await fixture.TakeAsync("ann", Some.Adjust("end", now, 1));
        Assert.Equal((41, 141), (last.Receipt.Version, last.Receipt.Available));
        await fixture.VerifyJournalAsync();
    }

    private static long Version(Outcome outcome) => Assert.IsType<Outcome.Accepted>(outcome).Receipt.Version;

    private static async Task<Outcome> ApplyAsync(LifecycleEngine engine, Input input) =>
        (await engine.Customers.ApplyAsync("ann", [new Delivery(input)], Cancel))[0];
}
