using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Points;

public sealed class DebtTests
{
    /// <summary>Earned 100 on day 0 and spent 80 of them on day 1.</summary>
    private static Journey Spent(Program program)
    {
        var journey = new Journey(program);
        journey.Take(Order("a", Day(0), 10_000));
        journey.Take(Redeem(80, Day(1)));
        return journey;
    }

    [Fact]
    public void A_return_after_spending_leaves_a_debt_that_later_earnings_settle()
    {
        var journey = Spent(Retail.Quick);
        journey.Take(Return("a", Day(2), 10_000));
        Assert.Equal((-80, 80), (journey.Available(Day(2)), journey.State.Debt));
        Assert.Equal("insufficient_points", journey.Refuse(Redeem(1, Day(2))));

        journey.Take(Order("b", Day(3), 5_000));
        Assert.Equal((-30, 30), (journey.Available(Day(3)), journey.State.Debt));
        journey.Take(Order("c", Day(4), 5_000));
        Assert.Equal((20, 0), (journey.Available(Day(4)), journey.State.Debt));
        Assert.Equal([50, 30], journey.All<Effect.PointsMoved>()
            .Where(moved => moved.Cause == Causes.DebtSettled).Select(moved => (int)moved.Points));
    }

    [Fact]
    public void Pending_points_settle_a_debt_when_they_mature()
    {
        var journey = Spent(Retail.Quick);
        journey.Take(Return("a", Day(2), 10_000));
        var later = new Journey(new ProgramSchedule(
            [new(Retail.Quick, Instant.Earliest), new(Retail.Default with { Version = 2 }, Day(3))]));
        foreach (var entry in journey.Entries) later.Take(entry.Input, entry.At);
        later.Take(Order("b", Day(3), 10_000));
        Assert.Equal(-80, later.Available(Day(17).Plus(-1)));
        Assert.Equal(20, later.Available(Day(17)));
    }

    [Fact]
    public void An_adjustment_settles_a_debt()
    {
        var journey = Spent(Retail.Quick);
        journey.Take(Return("a", Day(2), 10_000));
        journey.Take(Adjust(100, Day(3)));
        Assert.Equal((20, 0), (journey.Available(Day(3)), journey.State.Debt));
    }

    [Fact]
    public void Forgiven_is_what_is_no_longer_there()
    {
        var journey = Spent(Retail.Quick.Points(points => points with { WhenSpent = WhenSpent.Forgive }));
        journey.Take(Return("a", Day(2), 10_000));
        Assert.Equal((0, 0), (journey.Available(Day(2)), journey.State.Debt));
        Assert.Equal(20, journey.View(Day(2)).Points.Lifetime.Reversed);
    }

    [Fact]
    public void Points_that_expired_are_not_taken_a_second_time()
    {
        var journey = Spent(Retail.Quick);
        journey.Take(Order("b", Day(90), 5_000));
        journey.Take(Return("a", Day(110), 10_000));
        // 20 expired on day 100 and come back from there; 80 were spent: 50 from the other lot, 30 owed.
        var points = journey.View(Day(110)).Points;
        Assert.Equal((-30, 0, 100), (points.Available, points.Lifetime.Expired, points.Lifetime.Reversed));
    }

    [Fact]
    public void Points_that_expired_are_not_taken_a_second_time_from_an_order_long_closed_either()
    {
        var journey = new Journey(Retail.Quick);
        journey.Take(Order("a", Day(0), 10_000));
        journey.Take(Order("b", Day(200), 5_000));
        Assert.DoesNotContain(journey.State.OpenOrders, order => order.Key == OrderKey.Of("a"));
        journey.Take(Return("a", Day(210), 10_000));
        var points = journey.View(Day(210)).Points;
        Assert.Equal((50, 0, 100), (points.Available, points.Lifetime.Expired, points.Lifetime.Reversed));
    }

    [Fact]
    public void What_is_expired_on_arrival_settles_no_debt()
    {
        var journey = Spent(Retail.Quick);
        journey.Take(Return("a", Day(150), 10_000));
        Assert.Equal(-80, journey.Available(Day(150)));
        journey.Take(Order("late", Day(0), 3_000), Day(151));
        Assert.Equal((-80, 30), (journey.Available(Day(151)), journey.View(Day(151)).Points.Lifetime.Expired));
    }
}
