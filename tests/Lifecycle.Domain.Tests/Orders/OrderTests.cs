using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Tests.Support;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Orders;

public sealed class OrderTests
{
    private readonly Journey _journey = new(Retail.Quick);

    [Fact]
    public void The_same_order_id_from_another_event_is_refused()
    {
        _journey.Take(Order("a", Day(0), 1_000));
        Assert.Equal(RefusalCodes.OrderIdReused, _journey.Refuse(Order("a", Day(1), 1_000)));
        _journey.Take(Return("a", Day(2), 1_000));
        Assert.Equal(RefusalCodes.OrderIdReused, _journey.Refuse(Order("a", Day(3), 1_000)));
    }

    [Fact]
    public void A_test_order_neither_earns_nor_counts()
    {
        var entry = _journey.Take(Order("a", Day(0), 1_000).With(EventSchema.Kind, "test"));
        Assert.IsType<Effect.StageChanged>(Assert.Single(entry.Effects));
        Assert.Equal((0, "Prospect"), (_journey.Available(Day(0)), _journey.Stage));
    }

    [Fact]
    public void A_staff_order_earns_but_does_not_count()
    {
        _journey.Take(Order("a", Day(0), 1_000).With(EventSchema.Kind, "staff"));
        Assert.Equal((10, "Prospect"), (_journey.Available(Day(0)), _journey.Stage));
        var metrics = _journey.View(Day(0)).Metrics;
        Assert.Equal((0, null, default), (metrics.Frequency, metrics.LastOrderAt, _journey.Window("lifetime", Day(0))));
        _journey.Take(Return("a", Day(1), 400));
        Assert.Equal((6, default(WindowTotals) with { Returns = 1 }),
            (_journey.Available(Day(1)), _journey.Window("lifetime", Day(1))));
    }

    [Fact]
    public void An_order_of_an_unknown_kind_or_in_another_currency_is_refused()
    {
        Assert.Equal(
            RefusalCodes.UnknownOrderKind, _journey.Refuse(Order("a", Day(0), 1_000).With(EventSchema.Kind, "gift")));
        Assert.Equal(
            RefusalCodes.CurrencyNotInProgram,
            _journey.Refuse(Order("a", Day(0), 1_000).With(EventSchema.Currency, "USD")));
        _journey.Take(Order("a", Day(0), 1_000).With(EventSchema.Currency, "EUR"));
    }

    [Fact]
    public void Net_is_without_tax_and_shipping_and_an_order_without_an_amount_does_not_count()
    {
        _journey.Take(Order("a", Day(0), 1_190).With(EventSchema.TaxMinor, 190).With(EventSchema.ShippingMinor, 300)
            .With(EventSchema.DiscountMinor, 50));
        _journey.Take(Order("free", Day(1), 0, Line("gift", 1, 0)));
        var view = _journey.View(Day(1));
        Assert.Equal((700, 1), (view.Metrics.MonetaryMinor, view.Metrics.Frequency));
        Assert.Equal(new(1, 700, 0, 0, 0, 0, 0, 50), _journey.Window("30d", Day(1)));
    }

    [Fact]
    public void The_open_orders_are_those_within_their_return_window()
    {
        _journey.Take(Order("a", Day(0), 1_000));
        _journey.Take(Event("visit", Day(180)));
        Assert.Single(_journey.State.OpenOrders);
        _journey.Take(Event("visit", Day(180).Plus(1)));
        Assert.Empty(_journey.State.OpenOrders);
    }
}
