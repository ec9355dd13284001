using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Tests.Support;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Points;

public sealed class CommandTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(InputLimits.AmountMax + 1)]
    public void A_redemption_of_a_senseless_number_is_refused(long points) =>
        Assert.Equal(RefusalCodes.InvalidPoints, Rich().Refuse(Redeem(points, Day(1))));

    [Theory]
    [InlineData(0)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-InputLimits.AmountMax - 1)]
    public void An_adjustment_by_a_senseless_number_is_refused(long points) =>
        Assert.Equal(RefusalCodes.InvalidPoints, Rich().Refuse(Adjust(points, Day(1))));

    [Fact]
    public void More_than_there_is_cannot_be_redeemed_or_taken()
    {
        Assert.Equal(RefusalCodes.InsufficientPoints, Rich().Refuse(Redeem(101, Day(1))));
        Assert.Equal(RefusalCodes.InsufficientPoints, Rich().Refuse(Adjust(-101, Day(1))));
        Assert.Equal(RefusalCodes.InsufficientPoints, new Journey(Retail.Quick).Refuse(Redeem(1, Day(1))));
        Rich().Take(Redeem(100, Day(1)));
        Rich().Take(Adjust(-100, Day(1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_adjustment_needs_a_reason(string reason) =>
        Assert.Equal(RefusalCodes.ReasonRequired, Rich().Refuse(Adjust(5, Day(1), reason)));

    [Fact]
    public void An_adjustment_can_be_spent_at_once_and_expires_like_an_earning()
    {
        var journey = new Journey(Retail.Default);
        journey.Take(Adjust(30, Day(0)));
        Assert.Equal(new ExpiringPoints(30, Utc("2027-01-31T23:00:00Z")), Assert.Single(journey.View(Day(0)).Points.Expiring));
        journey.Take(Redeem(10, Day(0)));
        journey.Take(Adjust(-5, Day(1), "error"));
        var points = journey.View(Day(1)).Points;
        Assert.Equal((15, 25, 10), (points.Available, points.Lifetime.Adjusted, points.Lifetime.Redeemed));
        var moved = Assert.Single(journey.Effects.OfType<Effect.PointsMoved>());
        Assert.Equal((Account.Available, Account.Adjusted, "error"), (moved.Debit, moved.Credit, moved.Rule));
    }

    [Fact]
    public void A_refusal_that_is_journaled_moves_nothing()
    {
        var journey = Rich();
        journey.Refuse(Redeem(101, Day(1)));
        Assert.IsType<Effect.Refused>(Assert.Single(journey.Effects));
        Assert.Equal(100, journey.Available(Day(1)));
    }

    private static Journey Rich()
    {
        var journey = new Journey(Retail.Quick);
        journey.Take(Order("a", Day(0), 10_000));
        return journey;
    }
}
