using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// What an earning rule reads: the event, or one line of it, and the customer as they were before it.
/// </summary>
internal sealed class EventFacts(IFacts customer, Input.Event input, long netMinor, OrderItem? item) : IFacts
{
    public Value Get(Variable variable) => variable.Fact switch
    {
        Fact.EventType => new(Text: input.Type),
        Fact.EventAmountMinor => new(item?.AmountMinor ?? Whole(EventSchema.AmountMinor)),
        Fact.EventNetMinor => new(item?.AmountMinor ?? netMinor),
        Fact.EventDiscountMinor => new(item?.DiscountMinor ?? Whole(EventSchema.DiscountMinor)),
        Fact.EventPointsPaid => new(Whole(EventSchema.PointsPaid)),
        Fact.EventChannel => new(Text: Text(EventSchema.Channel)),
        Fact.EventKind => new(Text: Text(EventSchema.Kind)),
        Fact.EventCountry => new(Text: Text(EventSchema.Country)),
        Fact.EventCoupon => new(Text: Text(EventSchema.Coupon)),
        Fact.EventCampaign => new(Text: Text(EventSchema.Campaign)),
        Fact.EventScore => new(Number: input.Data.Find(EventSchema.Score)?.Number ?? 0),
        Fact.EventRating => new(Number: input.Data.Find(EventSchema.Rating)?.Number ?? 0),
        Fact.EventQuantity => new(item?.Quantity ?? Units()),
        Fact.EventSku => new(Text: item?.Sku ?? Text(EventSchema.Sku)),
        Fact.EventCategory => new(Text: item?.Category ?? Text(EventSchema.Category)),
        Fact.EventLine => new(Text: item?.Line ?? ""),
        Fact.EventGrade => new(Text: item?.Grade ?? ""),
        _ => customer.Get(variable),
    };

    private string Text(Field field) => input.Data.Text(field) ?? "";

    private long Whole(Field field) => input.Data.Integer(field) ?? 0;

    private long Units()
    {
        var units = 0L;
        foreach (var line in input.Data.Items) units += line.Quantity;
        return units;
    }
}
