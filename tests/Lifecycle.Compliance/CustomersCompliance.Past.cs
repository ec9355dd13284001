using Lifecycle.Domain.Inputs;
using Lifecycle.Engine;

namespace Lifecycle.Compliance;

/// <summary>Back-fill, points in time, and time that passes.</summary>
public abstract partial class CustomersCompliance
{
    [Fact]
    public async Task A_history_is_decided_at_its_own_times_with_the_ticks_between()
    {
        var ann = Id("ann");
        var outcomes = await Customers.ApplyAsync(
            ann,
            [
                new(Asked.Order("1", Old, 9_900), Historical: true),
                new(Asked.Visit("v", Old.PlusDays(3)), Historical: true),
                new(Asked.Redeem("r", Old.PlusDays(15), 90), Historical: true),
                new(Asked.Order("2", Old.PlusDays(2), 5_000), Historical: true),
            ],
            Cancel);

        var receipts = outcomes.Select(outcome => Accepted(outcome).Receipt).ToArray();
        // What is late is decided when it comes; its points have the dates of its own time.
        Assert.Equal(
            [Old, Old.PlusDays(3), Old.PlusDays(15), Old.PlusDays(15)], receipts.Select(receipt => receipt.At));
        // The points of the first order matured on the fourteenth day, by a tick of its own.
        Assert.Equal([1, 2, 4, 5], receipts.Select(receipt => receipt.Version));
        Assert.Equal([0, 0, 9, 9], receipts.Select(receipt => receipt.Available));
        Assert.Equal([99, 99, 0, 50], receipts.Select(receipt => receipt.Pending));
        var entries = await Customers.EntriesAsync(ann, long.MaxValue, 9, Cancel);
        Assert.Equal(Old.PlusDays(14), Assert.IsType<Input.Tick>(entries![2].Input).OccurredAt);
        // Nobody ticks a customer in the middle of a back-fill.
        await Customers.TickAsync(KeyOf(ann), Cancel);
        Assert.Equal(5, (await ViewAsync(ann)).Version);
        // Seen from now all of it is long over.
        var view = await ViewAsync(ann);
        Assert.Equal((0, "Churned", 59), (
            view.Points.Available, view.Stage.Name, view.Points.Lifetime.Expired));
        // The first live input ends it: the ticks until now are written first.
        Assert.True((await TakeAsync(ann, Asked.Visit("live", Now))).Version > 6);
    }

    [Fact]
    public async Task The_past_is_what_had_been_decided_by_then()
    {
        var ann = Id("ann");
        await TakeAsync(ann, Asked.Order("1", Old, 9_900), historical: true);
        await TakeAsync(ann, Asked.Adjust("a", Old.PlusDays(10), 7), historical: true);
        await TakeAsync(ann, Asked.Order("2", Old.PlusDays(40), 5_000), historical: true);
        // It had occurred by then, and is known now: metrics count it, points and stage do not.
        await TakeAsync(ann, Asked.Order("late", Old.PlusDays(1), 1_000), historical: true);

        Assert.Null(await Customers.ViewAsync(ann, new(Old.Plus(-1), null), Cancel));
        var then = new PointInTime(Old.PlusDays(12), null);
        var view = await ViewAsync(ann, then);
        Assert.Equal((2, then.AsOf!.Value), (view.Version, view.AsOf));
        Assert.Equal((7, 99), (view.Points.Available, view.Points.Pending));
        Assert.Equal(10_900, view.Metrics.MonetaryMinor);
        Assert.Equal(7, (await StatusAsync(ann, then)).Known.Status.Available);
        var extent = await Customers.ExtentAsync(ann, then, Cancel);
        Assert.Equal((2, 5, then.AsOf!.Value), (extent!.DecidedSeq, extent.KnownSeq, extent.Instant));
        var explained = await Customers.ExplainAsync(ann, "metrics.monetary_minor", then, 9, Cancel);
        Assert.Equal((10_900m, 2), (explained!.Value, explained.Count));
        // Between two entries time alone has changed it.
        Assert.Equal((106, 0), (
            (await ViewAsync(ann, new(Old.PlusDays(20), null))).Points.Available,
            (await ViewAsync(ann, new(Old.PlusDays(20), null))).Points.Pending));
    }

    [Fact]
    public async Task What_was_known_is_what_had_been_recorded_by_then()
    {
        var ann = Id("ann");
        await TakeAsync(ann, Asked.Adjust("1", Now, 5));
        var known = (await Customers.EntriesAsync(ann, long.MaxValue, 1, Cancel))![0].RecordedAt;
        await PassAsync(TimeSpan.FromMilliseconds(20));
        await TakeAsync(ann, Asked.Adjust("2", Now, 6));

        var when = new PointInTime(null, known);
        Assert.Equal((1, 5), ((await ViewAsync(ann, when)).Version, (await ViewAsync(ann, when)).Points.Available));
        Assert.Equal(5, (await StatusAsync(ann, when)).Known.Status.Available);
        Assert.Equal(1, (await Customers.ExtentAsync(ann, when, Cancel))!.KnownSeq);
        Assert.Equal(5m, (await Customers.ExplainAsync(ann, "points.available", when, 9, Cancel))!.Value);
        Assert.Null(await Customers.ViewAsync(ann, new(null, known.Plus(-1)), Cancel));
        Assert.Equal(11, (await ViewAsync(ann, new(null, Now.PlusDays(1)))).Points.Available);
    }

    [Fact]
    public async Task A_tick_that_is_due_is_written_once()
    {
        var ann = Id("ann");
        // Its points mature in a moment.
        var wait = TimeSpan.FromMilliseconds(250);
        var placed = Now.PlusDays(-14).Plus(wait);
        var receipt = await TakeAsync(ann, Asked.Order("o", placed, 9_900));
        Assert.Equal((99, placed.PlusDays(14)), (receipt.Pending, receipt.NextChangeAt));
        await Customers.TickAsync(KeyOf(ann), Cancel);
        while (Now <= placed.PlusDays(14)) await PassAsync(wait);

        // Readers do not wait for it.
        Assert.Equal(99, (await ViewAsync(ann)).Points.Available);
        for (var i = 0; i < 2; i++) await Customers.TickAsync(KeyOf(ann), Cancel);
        var entries = await Customers.EntriesAsync(ann, long.MaxValue, 9, Cancel);
        Assert.Equal(2, entries!.Count);
        Assert.Equal((placed.PlusDays(14), placed.PlusDays(14)), (entries[0].At, entries[0].Input.OccurredAt));
        Assert.IsType<Input.Tick>(entries[0].Input);
        Assert.Equal((2, 99, 0), (
            (await ViewAsync(ann)).Version, entries[0].After.Available, entries[0].After.Pending));
    }

    [Fact]
    public async Task What_was_foretold_for_a_year_ahead_has_come_when_the_year_is_over()
    {
        var ann = Id("ann");
        await TakeAsync(ann, Asked.Order("o", Now, 9_900));
        var later = Now.PlusDays(400);
        var foretold = await ViewAsync(ann, new(later, null));
        await AdvanceAsync(TimeSpan.FromDays(400));

        Assert.True(Now >= later);
        await Customers.TickAsync(KeyOf(ann), Cancel);
        var view = await ViewAsync(ann);
        Assert.Equal(
            (foretold.Stage, foretold.NextChangeAt, 0L, 99L),
            (view.Stage, view.NextChangeAt, view.Points.Available, view.Points.Lifetime.Expired));
        Assert.True(view.Version > 3, $"{view.Version}");
        Assert.Equal(1, foretold.Version);
    }
}
