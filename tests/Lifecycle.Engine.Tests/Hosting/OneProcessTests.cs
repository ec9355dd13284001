using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

public sealed class OneProcessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_earns_matures_is_spent_and_is_taken_back_by_its_return()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var clock = fixture.Clock;
        var placed = Assert.IsType<Outcome.Accepted>(
            await fixture.ApplyAsync("ann", Some.Order("o-1", clock.Now, 12_900, ("A", 3, 12_900))));
        Assert.Equal((1, 0, 129, "New"),
            (placed.Receipt.Version, placed.Receipt.Available, placed.Receipt.Pending, placed.Receipt.Stage));
        Assert.Equal(clock.Now.PlusDays(14), placed.Receipt.NextChangeAt);

        await fixture.AdvanceAsync(TimeSpan.FromDays(14));
        var view = await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        Assert.Equal((129, 0, 1), (view!.Points.Available, view.Points.Pending, view.Version));

        var redeemed = Assert.IsType<Outcome.Accepted>(
            await fixture.ApplyAsync("ann", Some.Redeem("r-1", clock.Now, 100)));
        Assert.Equal((3, 29), (redeemed.Receipt.Version, redeemed.Receipt.Available));

        var returned = Assert.IsType<Outcome.Accepted>(
            await fixture.ApplyAsync("ann", Some.Return("t-1", clock.Now, null, null, ("A", 1, 4_300))));
        Assert.Equal(29 - 43, returned.Receipt.Available);
        Assert.Contains(returned.Receipt.Effects, e => e is Effect.ReturnMatched { GrossMinor: 4_300, Whole: false });
        view = await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        Assert.Equal(8_600, view!.Metrics.MonetaryMinor);

        foreach (var field in new[] { "points.available", "metrics.windows.365d.spend_minor" })
        {
            var why = await fixture.Customers.ExplainAsync("ann", field, PointInTime.Now, 100, Cancel);
            Assert.Equal(field[0] == 'p' ? -14 : 8_600, why!.Value);
        }
    }

    [Fact]
    public async Task A_redelivered_input_gets_the_first_receipt_at_any_age_and_after_a_restart()
    {
        await using var fixture = await EngineFixture.OpenAsync(start: true);
        var first = Assert.IsType<Outcome.Accepted>(
            await fixture.ApplyAsync("ann", Some.Visit("v-0", fixture.Clock.Now)));
        var start = fixture.Clock.Now;
        for (var i = 1; i < 40; i++)
        {
            await fixture.AdvanceAsync(TimeSpan.FromHours(1));
            await fixture.ApplyAsync("ann", Some.Visit($"v-{i}", fixture.Clock.Now));
        }

        for (var round = 0; round < 2; round++)
        {
            var again = Assert.IsType<Outcome.Accepted>(await fixture.ApplyAsync("ann", Some.Visit("v-0", start)));
            Assert.True(again.Replayed);
            Assert.Equal(first.Receipt.Version, again.Receipt.Version);
            Assert.Equal(40, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Version);
            await fixture.ReopenAsync();
        }

        Assert.IsType<Outcome.IdReused>(
            await fixture.ApplyAsync("ann", Some.Visit("v-0", start.Plus(Instant.MicrosPerSecond))));
    }
}
