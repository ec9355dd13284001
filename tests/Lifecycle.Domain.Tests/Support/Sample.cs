using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Tests.Support;

/// <summary>Inputs and instants, short to write.</summary>
public static class Sample
{
    /// <summary>A Monday morning: 2026-01-05T09:00:00Z, 10:00 in Berlin.</summary>
    public static readonly Instant Start = Utc("2026-01-05T09:00:00Z");

    public static Instant Utc(string text) =>
        Instant.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>So many days of 24 hours after <see cref="Start"/>.</summary>
    public static Instant Day(double days) => Start.Plus((long)(days * Instant.MicrosPerDay));

    public static Input.Event Order(string id, Instant at, long amountMinor, params OrderItem[] items) =>
        Event(EventTypes.OrderPlaced, $"placed-{id}", at, items)
            .With(EventSchema.OrderId, id).With(EventSchema.AmountMinor, amountMinor);

    /// <summary>Of an order, by its id.</summary>
    public static Input.Event Return(string order, Instant at, long amountMinor, string id = "") =>
        Event(EventTypes.OrderReturned, $"returned-{order}-{id}-{at}", at, [])
            .With(EventSchema.OrderId, order).With(EventSchema.AmountMinor, amountMinor);

    /// <summary>Of an order, by lines; of whichever orders fit when it names none.</summary>
    public static Input.Event ReturnLines(string? order, Instant at, params OrderItem[] items)
    {
        var returned = Event(EventTypes.OrderReturned, $"returned-{order}-{at}", at, items);
        return order is null ? returned : returned.With(EventSchema.OrderId, order);
    }

    public static OrderItem Line(string sku, long quantity, long amountMinor, string category = "") =>
        new() { Sku = sku, Quantity = quantity, AmountMinor = amountMinor, Category = category };

    public static Input.Event Event(string type, string id, Instant at, params OrderItem[] items) =>
        new(type, new EventData([], [.. items], default)) { Source = "shop", Id = id, OccurredAt = at };

    public static Input.Event Event(string type, Instant at) => Event(type, $"{type}-{at}", at);

    public static Input.RedeemPoints Redeem(long points, Instant at) =>
        new(points, "voucher", null) { Source = "api", Id = $"redeem-{at}", OccurredAt = at };

    public static Input.AdjustPoints Adjust(long points, Instant at, string reason = "goodwill") =>
        new(points, reason, null) { Source = "api", Id = $"adjust-{at}", OccurredAt = at };

    public static Input.Event With(this Input.Event input, Field field, long value) =>
        input.With(new FieldValue(field, Integer: value));

    public static Input.Event With(this Input.Event input, Field field, string value) =>
        input.With(new FieldValue(field, Text: value));

    private static Input.Event With(this Input.Event input, FieldValue value) => input with
    {
        Data = input.Data with
        {
            Fields = [.. input.Data.Fields.Append(value).OrderBy(field => field.Field.Id)],
        },
    };
}
