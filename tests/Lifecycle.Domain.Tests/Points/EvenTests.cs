using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Points;

/// <summary>What is left of lots and orders when two customers part or become one.</summary>
public sealed class EvenTests
{
    [Fact]
    public void What_one_spent_of_the_others_points_is_taken_from_those_that_expire_soonest_and_the_rest_is_owed()
    {
        var (lots, debt) = Lots.Even([Of(1, 30), Of(2, -50), Of(3, 10)], 5, Start);
        Assert.Equal((0, 15), (lots.Length, debt));
        (lots, debt) = Lots.Even([Of(1, 30), Of(2, -50), Of(3, 40)], 0, Start);
        Assert.Equal((20, 0), (Assert.Single(lots).Remaining, debt));
    }

    [Fact]
    public void What_is_left_of_an_expired_lot_goes_to_the_next_one() =>
        Assert.Equal([Of(2, 12)], Lots.Even([Of(-1, 5), Of(2, 7)], 0, Start).Lots);

    [Fact]
    public void The_total_stays_and_nothing_is_below_zero_or_expired() => Prop.ForAll(
        Gen.Choose(-100, 100).ListOf().ToArbitrary(), Gen.Choose(-100, 100).ToArbitrary(), (points, debt) =>
        {
            var lots = points.Select((n, i) => Of(i - 2, n)).ToImmutableArray();
            var even = Lots.Even(lots, debt, Start);
            Assert.Equal(lots.Sum(lot => lot.Remaining) - debt, even.Lots.Sum(lot => lot.Remaining) - even.Debt);
            Assert.All(even.Lots, lot => Assert.True(lot.Remaining > 0 && lot.ExpiresAt > Start));
            Assert.True(even.Debt == 0 || (even.Debt > 0 && even.Lots.IsEmpty));
            Assert.Equal(even.Lots.OrderBy(lot => lot.ExpiresAt), even.Lots);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Orders_of_two_are_those_of_one_who_placed_them_all() => Prop.ForAll(
        Gen.Choose(0, 90).ListOf().ToArbitrary(), Gen.Choose(0, 90).ListOf().ToArbitrary(), (a, b) =>
        {
            var one = Moments(a.Concat(b).Order());
            var two = Moments(a.Order()).With(Moments(b.Order()));
            Assert.Equal(one.Recent, two.Recent);
            Assert.Equal(one.Gaps(), two.Gaps());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Of_long_histories_the_days_are_added_and_the_newest_orders_kept()
    {
        var (even, odd) = (Enumerable.Range(0, 300).Select(i => 2 * i), Enumerable.Range(0, 300).Select(i => 2 * i + 1));
        var both = Moments(even).With(Moments(odd));
        Assert.Equal(OrderMoments.MomentsMax, both.Recent.Length);
        Assert.Equal((600, Day(0), Day(599)), (both.Gaps().OrderDays, both.First, both.Last));
        Assert.Equal(1, both.Gaps().MeanDays!.Value, 3);
        Assert.InRange(both.Gaps().SpreadDays!.Value, 0, 0.2);
    }

    private static Lot Of(int day, long points) => new(Day(day), Day(-90), points, 0);

    private static OrderMoments Moments(IEnumerable<int> days) =>
        days.Aggregate(OrderMoments.None, (moments, day) => moments.Add(new OrderMoment(Day(day), day)));
}
