using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Points;

public sealed class LotTests
{
    [Fact]
    public void Lots_with_equal_expiry_are_one()
    {
        var journey = new Journey(Retail.Default);
        journey.Take(Order("a", Day(0), 1_000));
        journey.Take(Order("b", Day(3), 2_000));
        journey.Take(Order("c", Day(40), 4_000));
        journey.Pass(Day(60));
        Assert.Equal(
            [(Utc("2027-01-31T23:00:00Z"), 30L), (Utc("2027-02-28T23:00:00Z"), 40L)],
            journey.State.Lots.Select(lot => (lot.ExpiresAt, lot.Remaining)));
    }

    [Fact]
    public void What_expires_soonest_is_spent_first()
    {
        var journey = new Journey(Retail.Quick);
        journey.Take(Order("b", Day(10), 2_000));
        journey.Take(Order("a", Day(2), 1_000), Day(12));
        journey.Take(Redeem(15, Day(20)));
        Assert.Equal(
            [(10, Day(102)), (5, Day(110))],
            journey.Effects.OfType<Effect.PointsMoved>().Select(moved => ((int)moved.Points, moved.Lot.ExpiresAt)));
        Assert.Equal([(Day(110), 15L)], journey.State.Lots.Select(lot => (lot.ExpiresAt, lot.Remaining)));
    }

    [Fact]
    public void Pending_points_mature_at_the_exact_instant()
    {
        var journey = new Journey(Retail.Default);
        journey.Take(Order("a", Day(0), 1_000));
        Assert.Equal(Day(14), journey.State.DueAt);
        foreach (var (instant, available, pending) in new[] { (Day(14).Plus(-1), 0, 10), (Day(14), 10, 0) })
        {
            var points = journey.View(instant).Points;
            Assert.Equal((available, pending), (points.Available, points.Pending));
        }

        Assert.Equal("insufficient_points", journey.Refuse(Redeem(10, Day(14).Plus(-1))));
        journey.Take(Redeem(10, Day(14)));
        Assert.Equal(0, journey.Available(Day(14)));
    }

    [Fact]
    public void Points_expire_at_the_exact_instant()
    {
        var journey = new Journey(Retail.Quick);
        journey.Take(Order("a", Day(0), 1_000));
        var before = journey.View(Day(100).Plus(-1)).Points;
        Assert.Equal((10, new(10, Day(100))), (before.Available, Assert.Single(before.Expiring)));
        var after = journey.View(Day(100)).Points;
        Assert.Equal((0, 10), (after.Available, after.Lifetime.Expired));
        Assert.Empty(after.Expiring);
        Assert.Equal("insufficient_points", journey.Refuse(Redeem(1, Day(100))));
    }

    [Fact]
    public void A_late_event_whose_lot_is_expired_is_earned_and_expired_in_one_entry()
    {
        var journey = new Journey(Retail.Quick);
        journey.Take(Event("visit", Day(200)));
        var entry = journey.Take(Order("a", Day(0), 1_000), Day(201));
        Assert.Equal(
            [(Account.Issued, Account.Available), (Account.Available, Account.Expired)],
            entry.Effects.OfType<Effect.PointsMoved>().Select(moved => (moved.Debit, moved.Credit)));
        var points = journey.View(Day(201)).Points;
        Assert.Equal((0, 10, 10), (points.Available, points.Lifetime.Earned, points.Lifetime.Expired));
    }

    [Fact]
    public void A_late_event_takes_its_dates_from_when_it_occurred()
    {
        var journey = new Journey(Retail.Default);
        journey.Take(Event("visit", Day(5)));
        journey.Take(Order("a", Day(0), 1_000), Day(10));
        Assert.Equal(new LotDates(Day(14), Utc("2027-01-31T23:00:00Z")), Assert.Single(journey.State.Pending).Dates);
        journey.Take(Order("b", Day(-5), 1_000), Day(10));
        Assert.Equal(10, journey.Available(Day(10)));
    }

    [Fact]
    public void Points_that_never_expire_are_one_lot()
    {
        var journey = new Journey(Retail.Quick.Points(points => points with { Expiry = Expiry.None }));
        journey.Take(Order("a", Day(0), 1_000));
        journey.Take(Order("b", Day(50), 1_000));
        Assert.Equal(new Lot(Instant.Never, Day(0), 20, 0), Assert.Single(journey.State.Lots));
        Assert.Equal(20, journey.Available(Day(9_000)));
        Assert.Empty(journey.View(Day(60)).Points.Expiring);
    }

    [Fact]
    public void More_lots_than_the_maximum_join_and_never_expire_earlier_than_they_would()
    {
        var journey = new Journey(Retail.Quick.Points(points => points with { Expiry = new(0, 3_650, ExpiryRounding.None) }));
        for (var i = 0; i < PointsLimits.LotsMax + 500; i++) journey.Take(Order($"o{i}", Day(i), 100));
        Assert.InRange(journey.State.Lots.Length, PointsLimits.LotsMax, PointsLimits.LotsMax + 500 / 30 + 2);
        Assert.All(journey.All<Effect.PointsMoved>(), moved =>
            Assert.True(moved.Lot.ExpiresAt >= moved.Lot.AvailableAt.PlusDays(3_650), $"{moved}"));
        Assert.Equal(PointsLimits.LotsMax + 500, journey.Available(Day(PointsLimits.LotsMax + 500)));
    }

    [Fact]
    public void More_pending_lots_than_the_maximum_mature_less_than_a_day_early_and_expire_no_earlier()
    {
        var journey = new Journey(Retail.Default.Points(points => points with
        {
            Expiry = new(0, 100, ExpiryRounding.None),
        }));
        // The maximum within some hours, then one an hour while those still wait: the late ones must not join the
        // early.
        var start = Utc("2026-03-01T23:30:00Z");
        for (var i = 0; i < PointsLimits.PendingLotsMax; i++)
            journey.Take(Order($"a{i}", start.Plus(TimeSpan.FromMinutes(i)), 100));
        for (var i = 0; i < 24 * 13; i++)
            journey.Take(Order($"b{i}", start.Plus(TimeSpan.FromHours(5 + i)), 100));
        Assert.InRange(journey.State.Pending.Length, PointsLimits.PendingLotsMax, PointsLimits.PendingLotsMax + 15);
        foreach (var entry in journey.Entries.Where(entry => entry.Effects.OfType<Effect.PointsMoved>().Any()))
        {
            var lot = entry.Effects.OfType<Effect.PointsMoved>().First().Lot;
            if (entry.Input is Domain.Inputs.Input.Tick) continue;
            Assert.InRange(entry.At.PlusDays(14) - lot.AvailableAt, 0, Instant.MicrosPerDay - 1);
            Assert.True(lot.ExpiresAt >= entry.At.PlusDays(100), $"{lot}");
        }

        Assert.Equal(PointsLimits.PendingLotsMax + 24 * 13, journey.Available(start.PlusDays(40)));
    }

    [Fact]
    public void What_would_mature_later_today_is_there_at_once_when_too_many_lots_wait()
    {
        var journey = new Journey(Retail.Default.Points(points => points with { Pending = TimeSpan.FromHours(10) }));
        var start = Utc("2026-03-01T01:00:00Z");
        for (var i = 0; i <= PointsLimits.PendingLotsMax; i++)
            journey.Take(Order($"a{i}", start.Plus(TimeSpan.FromSeconds(i)), 100));
        Assert.Equal((1, PointsLimits.PendingLotsMax), (
            journey.State.Lots.Single().Remaining, journey.State.Pending.Length));
    }
}
