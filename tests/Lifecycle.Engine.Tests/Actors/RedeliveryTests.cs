using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>The same input again: at any age, by any way, it is taken once and gets the first receipt.</summary>
public sealed class RedeliveryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_request_with_the_same_input_thrice_takes_it_once()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var delivery = new Delivery(Some.Order("o-1", fixture.Clock.Now, 5_000));
        var other = new Delivery(Some.Order("o-1", fixture.Clock.Now, 6_000));
        var answers = await fixture.Customers.ApplyAsync("ann", [delivery, delivery, other, delivery], Cancel);
        Assert.Equal([false, true, true], answers.OfType<Outcome.Accepted>().Select(taken => taken.Replayed));
        Assert.Equal(1, Assert.IsType<Outcome.IdReused>(answers[2]).Seq);
        Assert.Single(await fixture.RowsAsync("ann"));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task The_newest_inputs_need_no_look_up_and_a_redelivery_is_known()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        for (var i = 0; i < RecentKeys.KeysMax; i++)
        {
            await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));
            await fixture.SendAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        }

        Assert.Equal(0, store!.Appends.Finds);
        Assert.True(Replayed(await fixture.SendAsync("ann", Some.Visit("v-7", fixture.Clock.Now))));
        Assert.Equal(1, store.Appends.Finds);
    }

    [Fact]
    public async Task A_busy_customer_whose_inputs_come_in_any_order_is_rarely_looked_up_and_each_redelivery_is_known()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var random = new Random(7);
        var start = fixture.Clock.Now;
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(10));
        // Each up to a hundred places away from where it belongs.
        var visits = Enumerable.Range(0, 1_500).OrderBy(i => i + random.Next(100))
            .Select(i => Some.Visit($"v-{i}", start.Plus(i * 1_000L))).ToArray();
        foreach (var visit in visits) await fixture.SendAsync("ann", visit);
        Assert.InRange(store!.Appends.Finds, 1, 60);
        foreach (var visit in visits) Assert.True(Replayed(await fixture.SendAsync("ann", visit)));
        await fixture.ReopenAsync();
        foreach (var visit in visits.Take(50)) Assert.True(Replayed(await fixture.SendAsync("ann", visit)));
        Assert.Equal(1_500, (await fixture.RowsAsync("ann")).Count);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task Events_whose_time_is_ours_are_known_although_each_delivery_has_another()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
                var answers = await fixture.Customers.ApplyAsync(
                    "ann", [new Delivery(Some.Visit($"v-{i}", fixture.Clock.Now), TimeAssigned: true)], Cancel);
                var taken = Assert.IsType<Outcome.Accepted>(answers[0]);
                Assert.Equal((i + 1L, round > 0), (taken.Receipt.Version, taken.Replayed));
            }
        }

        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_command_is_known_by_its_key_however_much_later_it_comes_again()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 50));
        for (var i = 0; i < 30; i++) await fixture.SendAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        await fixture.AdvanceAsync(TimeSpan.FromDays(30));
        await fixture.ReopenAsync();
        var again = await fixture.TakeAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 50));
        Assert.Equal((1, 50, true), (again.Receipt.Version, again.Receipt.Available, again.Replayed));
        Assert.Equal(1, Assert.IsType<Outcome.IdReused>(
            await fixture.SendAsync("ann", Some.Adjust("a-1", fixture.Clock.Now, 51))).Seq);
    }

    [Fact]
    public async Task A_redelivery_with_a_newer_time_slips_past_the_look_up_and_meets_the_index()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var start = fixture.Clock.Now;
        for (var i = 0; i < 30; i++)
        {
            await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
            await fixture.SendAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        }

        Assert.Equal(0, store!.Appends.Finds);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        // The sender says another time than before, so it is another body under a used id.
        var answers = await fixture.Customers.ApplyAsync(
            "ann",
            [
                new(Some.Adjust("a", start, 3)), new(Some.Visit("v-0", fixture.Clock.Now)),
                new(Some.Visit("new", fixture.Clock.Now)),
            ],
            Cancel);
        Assert.Equal(31, Assert.IsType<Outcome.Accepted>(answers[0]).Receipt.Version);
        Assert.Equal(1, Assert.IsType<Outcome.IdReused>(answers[1]).Seq);
        Assert.Equal(32, Assert.IsType<Outcome.Accepted>(answers[2]).Receipt.Version);
        Assert.Equal(32, (await fixture.RowsAsync("ann")).Count);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task The_same_id_from_another_channel_or_for_another_customer_is_another_input()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var visit = Some.Visit("v-1", fixture.Clock.Now);
        Assert.False(Replayed(await fixture.SendAsync("ann", visit)));
        Assert.False(Replayed(await fixture.SendAsync("ann", visit with { Source = "app" })));
        Assert.False(Replayed(await fixture.SendAsync("bob", visit)));
        Assert.True(Replayed(await fixture.SendAsync("bob", visit)));
    }

    [Fact]
    public async Task A_private_part_that_differs_is_another_body()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        Input Noted(string note) => Some.Adjust("a-1", fixture.Clock.Now, 5) with { Note = note };
        Assert.False(Replayed(await fixture.SendAsync("ann", Noted("sorry"))));
        Assert.True(Replayed(await fixture.SendAsync("ann", Noted("sorry"))));
        Assert.IsType<Outcome.IdReused>(await fixture.SendAsync("ann", Noted("very sorry")));
    }

    [Fact]
    public async Task A_keyed_refusal_is_the_same_for_ever_and_moves_nothing()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Visit("v", fixture.Clock.Now));
        var before = await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        var first = Assert.IsType<Outcome.Refused>(
            await fixture.SendAsync("ann", Some.Redeem("r", fixture.Clock.Now, 10)));
        var after = await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        Assert.Equal((before!.Points.Available, before.Stage), (after!.Points.Available, after.Stage));
        Assert.Equal(before.Metrics.Windows, after.Metrics.Windows);
        await fixture.SendAsync("ann", Some.Adjust("a", fixture.Clock.Now, 500));
        await fixture.AdvanceAsync(TimeSpan.FromDays(3));
        await fixture.ReopenAsync();
        var again = await fixture.SendAsync("ann", Some.Redeem("r", fixture.Clock.Now, 10));
        Assert.Equal(first with { Replayed = true }, again);
        Assert.Equal(3, (await fixture.RowsAsync("ann")).Count);
    }

    [Fact]
    public async Task A_refusal_without_a_key_is_not_journaled()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Visit("v", fixture.Clock.Now));
        for (var i = 0; i < 2; i++)
        {
            var refused = Assert.IsType<Outcome.Refused>(
                await fixture.ApplyAsync("ann", Some.Redeem("r", fixture.Clock.Now, 10), keyed: false));
            Assert.Equal((1, false), (refused.Version, refused.Replayed));
        }

        await fixture.SendAsync("ann", Some.Adjust("a", fixture.Clock.Now, 500));
        Assert.IsType<Outcome.Accepted>(
            await fixture.ApplyAsync("ann", Some.Redeem("r", fixture.Clock.Now, 10), keyed: false));
    }

    private static bool Replayed(Outcome outcome) => Assert.IsType<Outcome.Accepted>(outcome).Replayed;
}
