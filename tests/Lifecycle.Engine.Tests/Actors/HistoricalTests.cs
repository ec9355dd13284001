using Lifecycle.Domain.Time;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Actors;

/// <summary>A back-fill is decided at its own time, as if it had been lived.</summary>
public sealed class HistoricalTests
{
    private static readonly int[] Days = [0, 3, 14, 60, 200, 450];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_history_replayed_at_once_is_the_one_that_was_lived()
    {
        await using var lived = await EngineFixture.OpenAsync();
        await using var imported = await EngineFixture.OpenAsync();
        var start = lived.Clock.Now;
        Instant[] times = [.. Days.Select(days => start.PlusDays(days))];
        foreach (var (i, at) in times.Index())
        {
            if (i > 0) await lived.AdvanceAsync(TimeSpan.FromMicroseconds(at - times[i - 1]));
            await lived.SendAsync("ann", Some.Order($"o-{i}", at, 4_000));
        }

        await imported.AdvanceAsync(TimeSpan.FromDays(450));
        var deliveries = times.Index().Select(t => new Delivery(Some.Order($"o-{t.Index}", t.Item, 4_000), Historical: true));
        await imported.Customers.ApplyAsync("ann", [.. deliveries], Cancel);

        var (left, right) = (await lived.RowsAsync("ann"), await imported.RowsAsync("ann"));
        Assert.True(left.Count > times.Length, "No tick was due.");
        Assert.Equal(left.Select(row => (row.Seq, row.At, row.OccurredAt)), right.Select(row => (row.Seq, row.At, row.OccurredAt)));
        Assert.All(right, row => Assert.Equal(imported.Clock.Now, row.RecordedAt));
        var views = await Task.WhenAll(new[] { lived, imported }.Select(f => f.Customers.ViewAsync("ann", PointInTime.Now, Cancel)));
        Assert.Equal(views[0]!.Stage, views[1]!.Stage);
        Assert.Equal(views[0]!.Points.Lifetime, views[1]!.Points.Lifetime);
        await imported.VerifyAsync();
    }

    [Fact]
    public async Task A_back_fill_never_runs_ahead_of_the_clock_or_back_behind_the_head()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var now = fixture.Clock.Now;
        await fixture.ApplyAsync("ann", Some.Visit("ahead", now.Plus(4 * 60 * Instant.MicrosPerSecond)), historical: true);
        await fixture.ApplyAsync("bob", Some.Visit("live", now));
        await fixture.ApplyAsync("bob", Some.Visit("old", now.PlusDays(-40)), historical: true);
        foreach (var name in new[] { "ann", "bob" })
            Assert.All(await fixture.RowsAsync(name), row => Assert.Equal(now, row.At));
        var view = await fixture.Customers.ViewAsync("bob", PointInTime.Now, Cancel);
        Assert.Equal((1, 2), (view!.Metrics.Windows[1].Totals.Visits, view.Metrics.Windows[2].Totals.Visits));
    }

    [Fact]
    public async Task Live_and_historical_inputs_mix_and_time_never_runs_backwards()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var now = fixture.Clock.Now;
        await fixture.Customers.ApplyAsync(
            "ann",
            [
                new(Some.Order("o-1", now.PlusDays(-700), 9_000), Historical: true),
                new(Some.Order("o-2", now.PlusDays(-300), 9_000), Historical: true),
                new(Some.Redeem("r-1", now, 90)),
                new(Some.Order("o-3", now.PlusDays(-200), 9_000), Historical: true),
            ],
            Cancel);
        var rows = await fixture.RowsAsync("ann");
        Assert.Equal(rows.Select(row => row.At).Order(), rows.Select(row => row.At));
        Assert.Equal(now.PlusDays(-700), rows[0].At);
        Assert.Equal(now, rows[^1].At);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task More_ticks_than_a_turn_takes_are_handed_over_in_parts()
    {
        await using var fixture = await EngineFixture.OpenAsync(
            options: new Lifecycle.Engine.Actors.EngineOptions { TicksPerTurnMax = 2, BatchEntriesMax = 1 });
        var now = fixture.Clock.Now;
        var orders = Enumerable.Range(0, 12)
            .Select(i => new Delivery(Some.Order($"o-{i}", now.PlusDays(-900 + i), 3_000), Historical: true));
        await fixture.Customers.ApplyAsync("ann", [.. orders, new(Some.Visit("v", now))], Cancel);
        var answers = await fixture.Customers.ApplyAsync("ann", [.. orders, new(Some.Visit("v", now))], Cancel);
        Assert.All(answers, answer => Assert.True(Assert.IsType<Outcome.Accepted>(answer).Replayed));
        Assert.Equal(0, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Points.Available);
        Assert.True((await fixture.RowsAsync("ann")).Count(row => row.EventKey is null) > 10);
        var ids = await fixture.Engine.Store.Registry.ReadIdsAsync([fixture.Engine.Secret.CustomerKeyOf("ann")], Cancel);
        Assert.Equal(["ann"], ids.Values);
        await fixture.VerifyAsync();
    }
}
