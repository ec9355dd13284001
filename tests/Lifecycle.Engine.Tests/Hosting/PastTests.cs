using Lifecycle.Domain.Customers;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

/// <summary>What we now know about then, and what we knew then.</summary>
public sealed class PastTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_late_order_is_in_the_metrics_of_its_time_and_changes_no_decision_of_then()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var start = fixture.Clock.Now;
        await fixture.TakeAsync("ann", Some.Order("o-1", start, 1_000));
        await fixture.AdvanceAsync(TimeSpan.FromDays(10));
        var then = fixture.Clock.Now;
        await fixture.AdvanceAsync(TimeSpan.FromDays(10));
        await fixture.TakeAsync("ann", Some.Order("late", start.PlusDays(5), 4_000));

        var known = await ViewAsync(fixture, new(then, null));
        var knew = await ViewAsync(fixture, new(then, then));
        var now = await ViewAsync(fixture, PointInTime.Now);
        Assert.Equal((2, 5_000, 2), Orders(known));
        Assert.Equal((1, 1_000, 1), Orders(knew));
        Assert.Equal((known.Stage, Text(known.Points), 1), (knew.Stage, Text(knew.Points), known.Version));
        Assert.Equal(("New", "Growing"), (known.Stage.Name, now.Stage.Name));
        Assert.Equal(then, known.AsOf);
        // Before it occurred nobody counts it, whatever is known by now.
        Assert.Equal((1, 1_000, 1), Orders(await ViewAsync(fixture, new(start.PlusDays(4), null))));
    }

    [Fact]
    public async Task A_late_order_that_met_a_waiting_return_is_not_reduced_before_the_return_occurred()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var start = fixture.Clock.Now;
        await fixture.TakeAsync("ann", Some.Visit("v", start));
        await fixture.AdvanceAsync(TimeSpan.FromDays(10));
        await fixture.TakeAsync("ann", Some.Return("r", fixture.Clock.Now, "o", 3_000));
        await fixture.AdvanceAsync(TimeSpan.FromDays(1));
        await fixture.TakeAsync("ann", Some.Order("o", start.PlusDays(2), 3_000));

        var between = await ViewAsync(fixture, new(start.PlusDays(5), null));
        var after = await ViewAsync(fixture, new(start.PlusDays(10), null));
        Assert.Equal((1, 3_000, 1), Orders(between));
        Assert.Equal((0, 0, 0), Orders(after));
        Assert.Equal((0, 0), (between.Metrics.AwaitedReturns, after.Metrics.AwaitedReturns));
        Assert.Equal(
            1, (await ViewAsync(fixture, new(start.PlusDays(10), start.PlusDays(10)))).Metrics.AwaitedReturns);
    }

    [Fact]
    public async Task What_is_explained_is_what_is_seen_with_late_and_historical_events_at_any_instant()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var random = new Random(20_261_122);
        var start = fixture.Clock.Now;
        for (var i = 0; i < 60; i++)
        {
            var now = fixture.Clock.Now;
            var at = random.Next(2) == 0 ? now : now.PlusDays(-random.Next(60)).Plus(random.Next());
            await fixture.ApplyAsync("ann", random.Next(6) switch
            {
                < 3 => Some.Order($"o-{i}", at, random.Next(500, 9_000), ("A", 2, 300)),
                3 => Some.Return($"r-{i}", at, $"o-{random.Next(70)}", random.Next(100, 5_000)),
                4 => Some.Return($"r-{i}", at, null, null, ("A", 1, 150)),
                _ => Some.Visit($"v-{i}", at),
            }, historical: random.Next(3) == 0);
            if (random.Next(3) == 0) await fixture.AdvanceAsync(TimeSpan.FromHours(random.Next(200)));
        }

        var differed = 0;
        for (var i = 0; i < 12; i++)
        {
            var asOf = start.Plus((long)(random.NextDouble() * (fixture.Clock.Now - start)));
            PointInTime when = new(asOf, i % 3 == 0 ? null : asOf.PlusDays(random.Next(30)));
            var view = await fixture.Customers.ViewAsync("ann", when, Cancel);
            if (view is null) continue;
            if (Orders(view) != Orders(await ViewAsync(fixture, new(asOf, asOf)))) differed++;
            foreach (var (field, value) in new (string, decimal?)[]
            {
                ("points.available", view.Points.Available), ("metrics.frequency", view.Metrics.Frequency),
                ("metrics.aov_minor", view.Metrics.AovMinor), ("metrics.recency_days", view.Metrics.RecencyDays),
                ("metrics.interpurchase_days", (decimal?)view.Metrics.InterpurchaseDays),
                ("metrics.windows.30d.spend_minor", view.Metrics.Windows[1].Totals.SpendMinor),
                ("metrics.windows.365d.units", view.Metrics.Windows[3].Totals.Units),
                ("metrics.unmatched_returns", view.Metrics.UnmatchedReturns),
                ("metrics.awaited_returns", view.Metrics.AwaitedReturns),
            })
            {
                var why = await fixture.Customers.ExplainAsync("ann", field, when, 5, Cancel);
                Assert.Equal((field, value, view.Version), (field, why!.Value, why.Version));
            }
        }

        Assert.True(differed > 3, $"Late events told the past in {differed} of the cases only.");
    }

    [Fact]
    public async Task The_extent_names_the_entries_that_a_view_is_made_of()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var start = fixture.Clock.Now;
        for (var day = 0; day < 9; day++)
        {
            await fixture.TakeAsync("ann", Some.Visit($"v-{day}", fixture.Clock.Now));
            await fixture.AdvanceAsync(TimeSpan.FromDays(1));
        }

        await fixture.TakeAsync("ann", Some.Visit("late", start.PlusDays(2)));
        Assert.Equal(new(3, 10, start.PlusDays(2)), await ExtentAsync(fixture, new(start.PlusDays(2), null)));
        Assert.Equal(
            new(3, 5, start.PlusDays(2)), await ExtentAsync(fixture, new(start.PlusDays(2), start.PlusDays(4))));
        Assert.Equal(
            new(5, 5, start.PlusDays(9)), await ExtentAsync(fixture, new(null, start.PlusDays(4))));
        Assert.Equal(
            new(10, 10, start.PlusDays(99)), await ExtentAsync(fixture, new(start.PlusDays(99), start.PlusDays(99))));
        Assert.Null(await ExtentAsync(fixture, new(start.Plus(-1), null)));
        Assert.Null(await fixture.Customers.ViewAsync("ann", new(start.Plus(-1), null), Cancel));
    }

    private static Task<Extent?> ExtentAsync(EngineFixture fixture, PointInTime when) =>
        fixture.Customers.ExtentAsync("ann", when, Cancel);

    private static async Task<CustomerView> ViewAsync(EngineFixture fixture, PointInTime when) =>
        (await fixture.Customers.ViewAsync("ann", when, Cancel))!;

    private static string Text(PointsView points) => System.Text.Json.JsonSerializer.Serialize(points);

    private static (long, long, long) Orders(CustomerView view) => (
        view.Metrics.Windows[^1].Totals.Orders, view.Metrics.Windows[3].Totals.SpendMinor, view.Metrics.Frequency);
}
