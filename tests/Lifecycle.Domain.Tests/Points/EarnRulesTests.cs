using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Tests.Support;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Points;

public sealed class EarnRulesTests
{
    private static readonly EarnRule Base = Retail.Award("base", "floor(event.amount_minor / 100)");

    [Fact]
    public void Awards_add_up_and_a_condition_decides()
    {
        Assert.Equal(
            [("base", 25L), ("big", 50L)],
            Earned(Order("a", Day(0), 2_599), Base, Retail.Award("big", "50", "event.amount_minor >= 2000"),
                Retail.Award("web", "7", "event.channel == 'web'")));
    }

    [Fact]
    public void A_multiplier_counts_for_the_share_of_the_lines_where_it_holds()
    {
        var order = Order("a", Day(0), 10_000, Line("A", 1, 3_333, "tea"), Line("B", 1, 6_667, "coffee"));
        Assert.Equal(
            [("base", 100L), ("tea", 33L)], Earned(order, Base, Retail.Multiply("tea", 2, "event.category == 'tea'")));
        Assert.Equal([("base", 100L), ("all", 50L)], Earned(order, Base, Retail.Multiply("all", 1.5m)));
        Assert.Equal([("base", 67L)], Earned(order, Base, Retail.Multiply("less", 0.5m, "event.category == 'coffee'")));
    }

    [Fact]
    public void A_share_that_no_decimal_can_write_loses_no_point()
    {
        var order = Order("a", Day(0), 30_000, Line("A", 1, 10_000, "tea"), Line("B", 1, 20_000, "coffee"));
        Assert.Equal(
            [("base", 300L), ("tea", 100L)], Earned(order, Base, Retail.Multiply("tea", 2, "event.category == 'tea'")));
        Assert.Equal([("base", 100L)], Earned(order.With(EventSchema.PointsPaid, 20_000), Base));
    }

    [Fact]
    public void A_condition_on_lines_reads_the_amount_of_the_line()
    {
        var order = Order("a", Day(0), 10_000, Line("A", 1, 4_000, "tea"), Line("B", 1, 6_000, "tea"));
        Assert.Equal([("base", 100L), ("dear", 60L)], Earned(
            order, Base, Retail.Multiply("dear", 2, "event.category == 'tea' && event.amount_minor > 5000")));
    }

    [Fact]
    public void What_is_paid_with_points_earns_nothing_unless_the_program_says_so()
    {
        var order = Order("a", Day(0), 10_000).With(EventSchema.PointsPaid, 2_550);
        Assert.Equal([("base", 74L)], Earned(order, Base));
        var journey = new Journey(Retail.Quick.Points(points => points with { EarnOnPointsPaid = true }));
        journey.Take(order);
        Assert.Equal(100, journey.Available(Day(0)));
        Assert.Empty(Earned(Order("a", Day(0), 1_000).With(EventSchema.PointsPaid, 5_000), Base));
    }

    [Fact]
    public void A_rule_reads_the_customer_as_they_were_before_the_event()
    {
        var journey = new Journey(Retail.Quick with { Earn = [Retail.Award("first", "100", "customer.orders == 0")] });
        journey.Take(Order("a", Day(0), 100));
        journey.Take(Order("b", Day(1), 100));
        Assert.Equal(100, journey.Available(Day(1)));
    }

    [Fact]
    public void Other_events_earn_by_rules_on_their_type()
    {
        var journey = new Journey(Retail.Quick with
        {
            Earn = [Base, Retail.Award("thanks", "20") with { On = EventTypes.ReviewPosted }],
        });
        journey.Take(Event(EventTypes.ReviewPosted, Day(0)));
        journey.Take(Event(EventTypes.Visit, Day(0)));
        Assert.Equal(20, journey.Available(Day(0)));
    }

    [Theory]
    [InlineData("event.amount_minor / event.points_paid")]
    [InlineData("event.amount_minor * 9000000000000000000")]
    [InlineData("event.amount_minor * 1000000000")]
    public void A_rule_without_a_value_sends_the_event_to_quarantine(string points)
    {
        var journey = new Journey(Retail.Quick with { Earn = [Retail.Award("odd", $"floor({points})")] });
        Assert.Equal(RefusalCodes.RuleFailed, journey.Refuse(Order("a", Day(0), 10_000)));
    }

    [Fact]
    public void No_event_earns_more_than_the_maximum_however_many_rules_there_are()
    {
        var most = Retail.Award("most", $"{InputLimits.AmountMax}");
        var journey = new Journey(Retail.Quick with { Earn = [most, Retail.Multiply("more", 100)] });
        Assert.Equal(RefusalCodes.RuleFailed, journey.Refuse(Order("a", Day(0), 10_000)));
    }

    private static IEnumerable<(string, long)> Earned(Input.Event order, params EarnRule[] rules)
    {
        var journey = new Journey(Retail.Quick with { Earn = [.. rules] });
        return journey.Take(order).Effects.OfType<Effect.PointsMoved>().Select(moved => (moved.Rule, moved.Points));
    }
}
