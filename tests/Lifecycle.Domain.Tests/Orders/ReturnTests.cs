using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Tests.Support;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Orders;

/// <summary>Returns that name their order.</summary>
public sealed class ReturnTests
{
    private readonly Journey _journey = new(Retail.Quick);

    private Effect.ReturnMatched Matched => _journey.Effects.OfType<Effect.ReturnMatched>().Single();

    private Effect.ReturnUnmatched? Unmatched => _journey.Effects.OfType<Effect.ReturnUnmatched>().SingleOrDefault();

    [Fact]
    public void A_part_by_amount_takes_back_its_share_and_the_rest_takes_the_rest()
    {
        _journey.Take(Order("a", Day(0), 999, Line("A", 3, 999)).With(EventSchema.TaxMinor, 100));
        _journey.Take(Return("a", Day(1), 333));
        Assert.Equal((333, 299, 0, false), (Matched.GrossMinor, Matched.NetMinor, Matched.Units, Matched.Whole));
        Assert.Equal((6, 600), (_journey.Available(Day(1)), _journey.View(Day(1)).Metrics.MonetaryMinor));
        _journey.Take(Return("a", Day(2), 666));
        Assert.Equal((666, 600, 3, true), (Matched.GrossMinor, Matched.NetMinor, Matched.Units, Matched.Whole));
        Assert.Equal(default(WindowTotals) with { Returns = 2 }, _journey.Window("lifetime", Day(2)));
        Assert.Equal(0, _journey.Available(Day(2)));
    }

    [Fact]
    public void More_than_is_left_is_flagged_and_not_guessed()
    {
        _journey.Take(Order("a", Day(0), 1_000));
        _journey.Take(Order("b", Day(0), 5_000));
        _journey.Take(Return("a", Day(1), 1_700));
        Assert.Equal((1_000, true), (Matched.GrossMinor, Matched.Whole));
        Assert.Equal(new Effect.ReturnUnmatched(700, 0), Unmatched);
        _journey.Take(Return("a", Day(2), 1));
        Assert.Equal(new Effect.ReturnUnmatched(1, 0), Unmatched);
        var metrics = _journey.View(Day(2)).Metrics;
        Assert.Equal((2, 701, 5_000), (metrics.UnmatchedReturns, metrics.UnmatchedReturnMinor, metrics.MonetaryMinor));
    }

    [Fact]
    public void Lines_take_back_their_share_of_the_order_with_its_shipping()
    {
        _journey.Take(Order("a", Day(0), 10_500, Line("A", 2, 6_000), Line("B", 1, 4_000))
            .With(EventSchema.ShippingMinor, 500));
        _journey.Take(ReturnLines("a", Day(1), Line("A", 1, 3_000)));
        Assert.Equal((3_150, 3_000, 1), (Matched.GrossMinor, Matched.NetMinor, Matched.Units));
        Assert.Equal(new ReturnedLine(0, 1, 3_000), Assert.Single(Matched.Lines));
        _journey.Take(ReturnLines("a", Day(2), Line("A", 2, 6_000), Line("B", 1, 4_000), Line("C", 4, 800)));
        Assert.Equal((7_350, 2, true), (Matched.GrossMinor, Matched.Units, Matched.Whole));
        Assert.Equal(new Effect.ReturnUnmatched(3_800, 5), Unmatched);
        Assert.Equal((0, 0), (_journey.Available(Day(2)), _journey.View(Day(2)).Metrics.MonetaryMinor));
    }

    [Fact]
    public void Lines_without_amounts_take_back_their_share_of_the_pieces()
    {
        _journey.Take(Order("a", Day(0), 9_000, Line("A", 2, 0), Line("B", 1, 0)));
        _journey.Take(ReturnLines("a", Day(1), Line("A", 1, 0)));
        Assert.Equal((3_000, 60), (Matched.GrossMinor, _journey.Available(Day(1))));
    }

    [Fact]
    public void Lines_without_a_sku_or_without_pieces_are_taken_as_money_from_the_named_order()
    {
        _journey.Take(Order("a", Day(0), 9_000, Line("A", 3, 9_000)));
        _journey.Take(ReturnLines("a", Day(1), Line("", 1, 2_000), Line("A", 0, 1_000)));
        Assert.Equal((3_000, 60), (Matched.GrossMinor, _journey.Available(Day(1))));
        Assert.Null(Unmatched);
        _journey.Take(ReturnLines(null, Day(2), Line("", 1, 2_000)));
        Assert.Equal(new Effect.ReturnUnmatched(2_000, 0), Unmatched);
    }

    [Fact]
    public void A_discount_goes_with_what_it_was_given_on()
    {
        _journey.Take(Order("a", Day(0), 1_000).With(EventSchema.DiscountMinor, 99));
        _journey.Take(Return("a", Day(1), 500));
        Assert.Equal(50, _journey.Window("30d", Day(1)).DiscountMinor);
        _journey.Take(Return("a", Day(2), 500));
        Assert.Equal(0, _journey.Window("30d", Day(2)).DiscountMinor);
    }

    [Fact]
    public void A_return_restates_the_day_of_its_order()
    {
        _journey.Take(Order("a", Day(0), 1_000));
        _journey.Take(Return("a", Day(40), 400));
        Assert.Equal((0, 0, 1), (_journey.Window("30d", Day(40)).SpendMinor, _journey.Window("30d", Day(40)).Orders,
            _journey.Window("30d", Day(40)).Returns));
        Assert.Equal(600, _journey.Window("90d", Day(40)).SpendMinor);
    }

    [Fact]
    public void A_return_that_comes_before_its_order_is_kept_and_matched_when_it_comes()
    {
        _journey.Take(Return("a", Day(1), 300));
        Assert.Equal(new Effect.ReturnAwaited(OrderKey.Of("a")), _journey.Effects.OfType<Effect.ReturnAwaited>().Single());
        _journey.Take(Return("a", Day(2), 200));
        Assert.Equal(2, _journey.View(Day(2)).Metrics.AwaitedReturns);
        var entry = _journey.Take(Order("a", Day(0), 1_000), Day(3));
        Assert.Equal([1L, 2L], entry.Effects.OfType<Effect.ReturnReleased>().Select(released => released.ReturnSeq));
        Assert.Equal([300L, 200L], entry.Effects.OfType<Effect.ReturnMatched>().Select(matched => matched.GrossMinor));
        var view = _journey.View(Day(3));
        Assert.Equal((5, 500, 0), (view.Points.Available, view.Metrics.MonetaryMinor, view.Metrics.AwaitedReturns));

        _journey.Take(Return("a", Day(4), 600));
        Assert.Equal((500, true), (Matched.GrossMinor, Matched.Whole));
        Assert.Equal(new Effect.ReturnUnmatched(100, 0), Unmatched);
    }

    [Fact]
    public void When_more_returns_wait_than_can_the_oldest_is_flagged()
    {
        for (var i = 0; i < OrderLimits.ReturnsAwaitedMax; i++) _journey.Take(Return($"o{i}", Day(i), 10 + i));
        _journey.Take(Return("one more", Day(100), 999));
        Assert.Equal(new Effect.ReturnUnmatched(10, 0), Unmatched);
        Assert.Equal(OrderLimits.ReturnsAwaitedMax, _journey.View(Day(100)).Metrics.AwaitedReturns);
        _journey.Take(Order("o0", Day(99), 1_000), Day(101));
        Assert.DoesNotContain(_journey.Effects, effect => effect is Effect.ReturnMatched);
        _journey.Take(Order("one more", Day(99), 1_000), Day(102));
        Assert.Equal(999, Matched.GrossMinor);
        var metrics = _journey.View(Day(102)).Metrics;
        Assert.Equal((1, 10, OrderLimits.ReturnsAwaitedMax - 1),
            (metrics.UnmatchedReturns, metrics.UnmatchedReturnMinor, metrics.AwaitedReturns));
    }

    [Fact]
    public void An_order_beyond_its_window_is_looked_up_in_the_journal()
    {
        _journey.Take(Order("a", Day(0), 1_000));
        _journey.Take(Return("a", Day(1), 250));
        _journey.Take(Event("visit", Day(300)));
        var late = Return("a", Day(301), 1_000);
        Assert.Equal(OrderKey.Of("a"), Decider.Needs(_journey.State, late).Order);
        _journey.Take(late);
        Assert.Equal((750, true), (Matched.GrossMinor, Matched.Whole));
        Assert.Equal(new Effect.ReturnUnmatched(250, 0), Unmatched);
        Assert.Equal(0, _journey.View(Day(301)).Metrics.MonetaryMinor);
    }

    [Fact]
    public void An_order_in_more_parts_than_one_recall_holds_is_never_taken_back_twice()
    {
        _journey.Take(Order("a", Day(0), 20_000, Line("A", 200, 20_000)));
        for (var i = 1; i <= 150; i++) _journey.Take(ReturnLines("a", Day(i), Line("A", 1, 100)));
        Assert.InRange(_journey.State.OpenOrders[0].ReturnSeqs.Length, 1, OrderLimits.RecallMax);
        _journey.Take(ReturnLines("a", Day(160), Line("A", 200, 20_000)));
        Assert.Equal((50, 5_000, true), (Matched.Units, Matched.GrossMinor, Matched.Whole));
        Assert.Equal(new Effect.ReturnUnmatched(15_000, 150), Unmatched);
    }

    [Fact]
    public void Of_an_id_that_was_used_again_long_after_the_newest_order_is_meant()
    {
        _journey.Take(Order("a", Day(0), 1_000));
        _journey.Take(Return("a", Day(1), 900));
        _journey.Take(Order("a", Day(300), 5_000));
        _journey.Take(Event("visit", Day(600)));
        _journey.Take(Return("a", Day(601), 5_000));
        var placed = _journey.Entries.Last(entry => entry.At == Day(300)).Seq;
        Assert.Equal((placed, 5_000, true), (Matched.OrderSeq, Matched.GrossMinor, Matched.Whole));
        Assert.Equal(100, _journey.View(Day(601)).Metrics.MonetaryMinor);
    }
}
