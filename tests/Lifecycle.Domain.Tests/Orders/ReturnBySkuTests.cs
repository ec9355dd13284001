using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Tests.Support;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Orders;

/// <summary>Returns that name no order: matched by sku, newest order first.</summary>
public sealed class ReturnBySkuTests
{
    private readonly Journey _journey = new(Retail.Quick);

    [Fact]
    public void They_are_matched_newest_first_over_several_orders_and_the_rest_is_flagged()
    {
        _journey.Take(Order("a", Day(0), 3_000, Line("A", 3, 3_000)));
        _journey.Take(Order("x", Day(1), 3_000, Line("X", 3, 3_000)));
        _journey.Take(Order("b", Day(2), 5_000, Line("A", 2, 2_000), Line("B", 1, 3_000)));
        _journey.Take(ReturnLines(null, Day(3), Line("A", 6, 6_000), Line("Z", 1, 40)));
        Assert.Equal(
            [("b", 2L, 2_000L, false), ("a", 3L, 3_000L, true)],
            _journey.Effects.OfType<Effect.ReturnMatched>()
                .Select(m => (m.Order == OrderKey.Of("b") ? "b" : "a", m.Units, m.GrossMinor, m.Whole)));
        Assert.Equal(
            new Effect.ReturnUnmatched(1_040, 2), _journey.Effects.OfType<Effect.ReturnUnmatched>().Single());
        Assert.Equal(60, _journey.Available(Day(3)));
        Assert.Equal((2, 6_000, 4), (_journey.Window("30d", Day(3)).Orders, _journey.Window("30d", Day(3)).SpendMinor,
            _journey.Window("30d", Day(3)).Units));
    }

    [Fact]
    public void An_order_placed_after_the_return_is_not_a_candidate()
    {
        _journey.Take(Order("b", Day(5), 1_000, Line("A", 1, 1_000)));
        _journey.Take(ReturnLines(null, Day(4), Line("A", 1, 1_000)));
        Assert.Equal(new Effect.ReturnUnmatched(1_000, 1), _journey.Effects.OfType<Effect.ReturnUnmatched>().Single());
    }

    [Fact]
    public void An_order_is_a_candidate_until_the_end_of_its_window_and_not_later()
    {
        _journey.Take(Order("a", Day(0), 2_000, Line("A", 2, 2_000)));
        _journey.Take(ReturnLines(null, Day(180), Line("A", 1, 1_000)));
        Assert.Single(_journey.Effects.OfType<Effect.ReturnMatched>());
        _journey.Take(ReturnLines(null, Day(180).Plus(1), Line("A", 1, 1_000)));
        Assert.Single(_journey.Effects.OfType<Effect.ReturnUnmatched>());
    }

    [Fact]
    public void A_line_that_came_back_does_not_come_back_again()
    {
        _journey.Take(Order("a", Day(0), 3_000, Line("A", 1, 1_000), Line("B", 1, 2_000)));
        _journey.Take(ReturnLines(null, Day(1), Line("A", 1, 1_000)));
        _journey.Take(ReturnLines(null, Day(2), Line("A", 1, 1_000)));
        Assert.Empty(_journey.Effects.OfType<Effect.ReturnMatched>());
        Assert.Equal(2_000, _journey.View(Day(2)).Metrics.MonetaryMinor);
    }

    [Fact]
    public void One_that_names_neither_order_nor_lines_is_flagged()
    {
        _journey.Take(Order("a", Day(0), 3_000));
        _journey.Take(Event("order.returned", Day(1)).With(Inputs.EventSchema.AmountMinor, 500));
        Assert.Equal(new Effect.ReturnUnmatched(500, 0), _journey.Effects.OfType<Effect.ReturnUnmatched>().Single());
    }
}
