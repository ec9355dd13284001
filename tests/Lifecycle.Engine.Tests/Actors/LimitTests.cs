using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

public sealed class LimitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ann", 2, 100)]
    [InlineData("bob", 100, 2)]
    public async Task Past_a_limit_the_sender_is_told_to_come_back_and_room_is_made_again(
        string second, int customerMax, int processMax)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s),
            new EngineOptions { CustomerInputsInFlightMax = customerMax, InputsInFlightMax = processMax });
        var now = fixture.Clock.Now;
        var hold = store!.Appends.HoldAppends();
        Task<Outcome>[] sent =
            [fixture.SendAsync("ann", Some.Visit("v-1", now)), fixture.SendAsync("ann", Some.Visit("v-2", now))];
        await hold.Arrived.WaitAsync(Cancel);
        var told = await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.SendAsync(second, Some.Visit("v-3", now)));
        Assert.Equal(UnavailableCodes.Overloaded, told.Code);
        Assert.True(told.RetryAfter > TimeSpan.Zero);
        hold.Release();
        await Task.WhenAll(sent);
        await fixture.TakeAsync(second, Some.Visit("v-3", now));
    }

    [Fact]
    public async Task Past_the_requests_of_one_customer_the_others_are_taken_still()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s), new EngineOptions { CustomerRequestsInFlightMax = 2 });
        var now = fixture.Clock.Now;
        var hold = store!.Appends.HoldAppends();
        Task<Outcome>[] sent =
            [fixture.SendAsync("hot", Some.Visit("v-1", now)), fixture.SendAsync("hot", Some.Visit("v-2", now))];
        await hold.Arrived.WaitAsync(Cancel);
        var told = await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.SendAsync("hot", Some.Visit("v-3", now)));
        var other = fixture.SendAsync("other", Some.Visit("v-1", now));
        hold.Release();
        await Task.WhenAll(sent);
        Assert.Equal(UnavailableCodes.Overloaded, told.Code);
        Assert.IsType<Outcome.Accepted>(await other);
        await fixture.TakeAsync("hot", Some.Visit("v-3", now));
    }

    [Theory]
    [InlineData("ann", 1, 100)]
    [InlineData("bob", 100, 1)]
    public async Task A_caller_who_leaves_makes_room_when_what_is_under_way_is_done(
        string second, int customerMax, int processMax)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s),
            new EngineOptions { CustomerRequestsInFlightMax = customerMax, InputsInFlightMax = processMax });
        var now = fixture.Clock.Now;
        var hold = store!.Appends.HoldAppends();
        using var leaving = new CancellationTokenSource();
        var left = fixture.Customers.ApplyAsync("ann", [new Delivery(Some.Visit("v-1", now))], leaving.Token);
        await hold.Arrived.WaitAsync(Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Assert.ThrowsAsync<UnavailableException>(() => fixture.SendAsync(second, Some.Visit("v-2", now)));
        hold.Release();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await fixture.TakeAsync(second, Some.Visit("v-2", now));
                break;
            }
            catch (UnavailableException) when (attempt < 1_000)
            {
                await Task.Delay(5, Cancel);
            }
        }
    }

    [Fact]
    public async Task Of_a_request_for_which_there_is_no_room_nothing_is_taken()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s), new EngineOptions { InputsInFlightMax = 3 });
        var now = fixture.Clock.Now;
        var hold = store!.Appends.HoldAppends();
        var sent = fixture.SendAsync("ann", Some.Visit("v-1", now));
        await hold.Arrived.WaitAsync(Cancel);
        CustomerInputs[] three = [.. Enumerable.Range(0, 3)
            .Select(i => new CustomerInputs($"c{i}", [new Delivery(Some.Visit("v-1", now))]))];
        await fixture.Customers.ApplyAsync(three, Cancel);
        hold.Release();
        await sent;
        Assert.All(three, inputs => Assert.Equal(
            UnavailableCodes.Overloaded, Assert.IsType<UnavailableException>(inputs.Fault).Code));
        Assert.Equal(1, await fixture.Engine.Store.Journal.ReadHeadAsync(Cancel));
    }

    [Theory]
    [InlineData(2, 100)]
    [InlineData(100, 2)]
    public async Task A_request_that_is_larger_than_a_limit_is_taken_alone(int customerMax, int processMax)
    {
        await using var fixture = await EngineFixture.OpenAsync(
            options: new EngineOptions { CustomerInputsInFlightMax = customerMax, InputsInFlightMax = processMax });
        var deliveries = Enumerable.Range(0, 5)
            .Select(i => new Delivery(Some.Visit($"v-{i}", fixture.Clock.Now))).ToArray();
        Assert.All(
            await fixture.Customers.ApplyAsync("ann", deliveries, Cancel),
            outcome => Assert.IsType<Outcome.Accepted>(outcome));
        await fixture.TakeAsync("ann", Some.Visit("later", fixture.Clock.Now));
    }

    [Fact]
    public async Task When_the_writers_queue_is_full_actors_wait_and_nothing_is_lost()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s), new EngineOptions { WriterQueueMax = 1, BatchEntriesMax = 1 });
        var now = fixture.Clock.Now;
        var hold = store!.Appends.HoldAppends();
        var sent = Enumerable.Range(0, 30)
            .Select(i => fixture.SendAsync($"c{i % 10}", Some.Visit($"v-{i}", now))).ToArray();
        await hold.Arrived.WaitAsync(Cancel);
        store.Appends.FailBefore();
        hold.Release();
        await Task.WhenAll(sent);
        Assert.Equal(30, await fixture.Engine.Store.Journal.ReadHeadAsync(Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task Idle_customers_and_those_past_the_maximum_leave_memory_and_come_back_the_same()
    {
        await using var fixture = await EngineFixture.OpenAsync(
            options: new EngineOptions
            {
                ResidentMax = 3, IdleAfter = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromMinutes(1),
            });
        for (var i = 0; i < 6; i++)
        {
            await fixture.SendAsync($"c{i}", Some.Adjust("a", fixture.Clock.Now, 5 + i));
            await fixture.AdvanceAsync(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(6, fixture.Engine.Residents);
        fixture.Engine.Sweep();
        Assert.Equal(3, fixture.Engine.Residents);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(6));
        fixture.Engine.Sweep();
        Assert.Equal(0, fixture.Engine.Residents);
        for (var i = 0; i < 6; i++)
            Assert.Equal(5 + i, (await fixture.Customers.ViewAsync($"c{i}", PointInTime.Now, Cancel))!.Points.Available);
    }

    [Fact]
    public async Task A_customer_whose_entries_are_being_written_stays_in_memory()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(
            s => store = new TestStore(s), new EngineOptions { IdleAfter = TimeSpan.FromSeconds(1) });
        var hold = store!.Appends.HoldAppends();
        using var leaving = new CancellationTokenSource();
        var left = fixture.Customers.ApplyAsync(
            "ann", [new Delivery(Some.Visit("v-1", fixture.Clock.Now))], leaving.Token);
        await hold.Arrived.WaitAsync(Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(5));
        fixture.Engine.Sweep();
        Assert.Equal(1, fixture.Engine.Residents);
        hold.Release();
        Assert.True(Assert.IsType<Outcome.Accepted>(
            await fixture.SendAsync("ann", Some.Visit("v-1", fixture.Clock.Now.Plus(-5_000_000)))).Replayed);
    }

    [Fact]
    public async Task Asking_for_ids_that_do_not_exist_fills_no_memory()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            Assert.Null(await fixture.Customers.ViewAsync($"x{i}", PointInTime.Now, Cancel));
            Assert.Null(await fixture.Customers.ExplainAsync($"x{i}", "stage", PointInTime.Now, 1, Cancel));
            Assert.Null(await fixture.Customers.EntriesAsync($"x{i}", long.MaxValue, 1, Cancel));
            Assert.IsType<Outcome.Refused>(await fixture.SendAsync($"x{i}", Some.Redeem("r", fixture.Clock.Now, 1)));
        }

        Assert.Equal((0, 0), (fixture.Engine.Residents, await fixture.Engine.Store.Journal.ReadHeadAsync(Cancel)));
    }
}
