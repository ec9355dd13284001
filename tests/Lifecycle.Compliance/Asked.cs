using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Compliance;

/// <summary>Inputs, short to write.</summary>
internal static class Asked
{
    public static Input.Event Order(string id, Instant at, long amountMinor, string sku = "A") => Event(
        EventTypes.OrderPlaced, $"placed-{id}", at,
        [new(EventSchema.OrderId, Text: id), new(EventSchema.AmountMinor, Integer: amountMinor)],
        [new OrderItem { Sku = sku, Quantity = 2, AmountMinor = amountMinor }]);

    public static Input.Event Return(string id, Instant at, string order, long amountMinor) => Event(
        EventTypes.OrderReturned, id, at,
        [new(EventSchema.OrderId, Text: order), new(EventSchema.AmountMinor, Integer: amountMinor)]);

    public static Input.Event Visit(string id, Instant at) => Event(EventTypes.Visit, id, at);

    public static Input.Event Event(
        string type, string id, Instant at, FieldValue[]? fields = null, OrderItem[]? items = null) =>
        new(type, new EventData([.. fields ?? []], [.. items ?? []], default))
        {
            Source = "shop", Id = id, OccurredAt = at,
        };

    public static Input.RedeemPoints Redeem(string id, Instant at, long points, string? note = null) =>
        new(points, "till", note) { Source = "api", Id = id, OccurredAt = at };

    public static Input.AdjustPoints Adjust(string id, Instant at, long points, string reason = "goodwill") =>
        new(points, reason, null) { Source = "api", Id = id, OccurredAt = at };
}
