using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

public sealed class GateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_contact_the_lease_runs_out_and_nothing_is_answered()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        fixture.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.NotNull(await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel));
        fixture.Clock.Advance(TimeSpan.FromSeconds(0.2));
        await AssertClosedAsync(fixture);
        await fixture.Engine.Gate.RenewAsync(Cancel);
        Assert.Empty(fixture.Engine.Gate.Problems);
        Assert.NotNull(await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel));
    }

    [Theory]
    [InlineData(4.9, "")]
    [InlineData(-4.9, "")]
    [InlineData(5.1, "5.1 s ahead of")]
    [InlineData(-60, "60.0 s behind")]
    public async Task A_clock_that_differs_from_the_stores_closes_until_both_agree(double seconds, string problem)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        store!.StoreClock = () => fixture.Clock.Now.Plus(-TimeSpan.FromSeconds(seconds));
        await fixture.Engine.Gate.RenewAsync(Cancel);
        if (problem.Length == 0)
        {
            Assert.Empty(fixture.Engine.Gate.Problems);
            return;
        }

        Assert.Contains(problem, Assert.Single(fixture.Engine.Gate.Problems), StringComparison.Ordinal);
        await AssertClosedAsync(fixture);
        store.StoreClock = () => fixture.Clock.Now;
        await fixture.Engine.Gate.RenewAsync(Cancel);
        Assert.Empty(fixture.Engine.Gate.Problems);
    }

    [Fact]
    public async Task A_store_that_another_process_took_closes_at_once()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        store!.Owned = () => false;
        await fixture.Engine.Gate.RenewAsync(Cancel);
        await AssertClosedAsync(fixture);
    }

    [Fact]
    public async Task A_look_at_the_others_that_was_given_up_keeps_customers_waiting_until_the_store_answers()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var gate = fixture.Engine.Gate;
        gate.EnsureSettled();
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
        store!.Owned = () => false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.ResettleAsync(new(canceled: true)));
        await gate.RenewAsync(Cancel);
        Assert.Throws<UnavailableException>(gate.EnsureSettled);
        store.Owned = () => true;
        await gate.RenewAsync(Cancel);
        gate.EnsureSettled();
    }

    [Fact]
    public async Task A_lease_that_was_lost_and_held_again_does_not_answer_from_the_memory_of_before()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        await using (var other = await fixture.OpenSecondEngineAsync())
            await other.Customers.ApplyAsync("ann", [new Delivery(Some.Adjust("a-1", fixture.Clock.Now, 5))], Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(11));
        Assert.Equal(5, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Points.Available);
    }

    [Fact]
    public async Task What_was_being_written_when_the_lease_was_held_again_is_seen_by_its_sender()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        await fixture.TakeAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 5));
        var hold = store!.Appends.HoldAppends();
        var sent = fixture.SendAsync("ann", Some.Adjust("a-2", fixture.Clock.Now, 2));
        await hold.Arrived.WaitAsync(Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(11));
        Assert.Equal(5, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Points.Available);
        hold.Release();
        Assert.IsType<Outcome.Accepted>(await sent);
        Assert.Equal(7, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Points.Available);
        await fixture.VerifyAsync();
    }

    [Theory]
    [InlineData(3_700)]
    [InlineData(-3_700)]
    public async Task After_a_jump_of_the_clock_nothing_is_decided_until_a_person_confirms_it(int seconds)
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        fixture.Clock.Jump(TimeSpan.FromSeconds(seconds));
        await AssertClosedAsync(fixture);
        await fixture.Engine.Gate.RenewAsync(Cancel);
        await AssertClosedAsync(fixture);
        fixture.Engine.Gate.ConfirmClock();
        var taken = await fixture.TakeAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 5));
        Assert.Equal(2, taken.Receipt.Version);
        Assert.Equal(5, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Points.Available);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_clock_that_is_corrected_little_by_little_does_not_jump()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            fixture.Clock.Jump(TimeSpan.FromMinutes(30));
            await fixture.AdvanceAsync(TimeSpan.FromSeconds(2));
        }

        Assert.Empty(fixture.Engine.Gate.Problems);
        await fixture.TakeAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
    }

    [Fact]
    public async Task An_engine_that_stops_writes_what_it_took_and_answers_it()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s), new EngineOptions { BatchEntriesMax = 1, WriterQueueMax = 8 });
        var now = fixture.Clock.Now;
        // In memory, so that each is decided and handed over at once.
        for (var i = 0; i < 30; i++) await fixture.SendAsync($"c{i}", Some.Visit("w", now));
        var hold = store!.Appends.HoldAppends();
        var sent = Enumerable.Range(0, 30).Select(i => fixture.SendAsync($"c{i}", Some.Visit("v", now))).ToArray();
        await hold.Arrived.WaitAsync(Cancel);
        var stopping = fixture.Engine.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<UnavailableException>(() => fixture.SendAsync("late", Some.Visit("v", now)));
        hold.Release();
        await stopping;
        var taken = 0;
        foreach (var task in sent)
        {
            try
            {
                Assert.IsType<Outcome.Accepted>(await task);
                taken++;
            }
            catch (UnavailableException)
            {
                // It was not handed over yet when the engine stopped; nothing of it was acknowledged.
            }
        }

        Assert.True(taken >= 9, $"Only {taken} were answered.");
        await fixture.ReopenAsync();
        Assert.Equal(30 + taken, await fixture.Engine.Store.Journal.ReadHeadAsync(Cancel));
    }

    private static async Task AssertClosedAsync(EngineFixture fixture)
    {
        Assert.NotEmpty(fixture.Engine.Gate.Problems);
        Func<Task>[] calls =
        [
            () => fixture.SendAsync("ann", Some.Visit("v-2", fixture.Clock.Now)),
            () => fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel),
            () => fixture.Customers.EntriesAsync("ann", long.MaxValue, 5, Cancel),
            () => fixture.Customers.TickAsync(fixture.Engine.Secret.CustomerKeyOf("ann"), Cancel),
        ];
        foreach (var call in calls)
            Assert.Equal(UnavailableCodes.Unavailable, (await Assert.ThrowsAsync<UnavailableException>(call)).Code);
    }
}
