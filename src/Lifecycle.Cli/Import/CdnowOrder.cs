using System.Globalization;
using System.Text.Json;

namespace Lifecycle.Cli.Import;

/// <summary>One line of a CDNOW file: one order.</summary>
/// <param name="customer">As the file writes it, with its leading zeros.</param>
/// <param name="day">Midnight.</param>
internal sealed class CdnowOrder(string customer, DateTime day, long quantity, long amountMinor, long fileLine)
    // The file knows no time of day: noon in UTC is on the same day in every time zone from −12 to +11 hours.
    : ImportEvent(day.AddHours(12))
{
    private const string Source = "cdnow";

    private readonly string _day = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Which of the customer's orders of its day it is, in the order of the file, from 1.</summary>
    public int OfDay { get; set; } = 1;

    public override string Id =>
        string.Create(CultureInfo.InvariantCulture, $"{customer}-{_day}-{OfDay}");

    public override string? Customer => customer;

    public override long FileLine => fileLine;

    public override int LineCount => 1;

    public override void WriteTo(Utf8JsonWriter json, string? currency)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("source", Source);
        json.WriteString("type", "order.placed");
        json.WriteString("customer", customer);
        json.WriteString("occurred_at", OccurredAt);
        json.WriteStartObject("data");
        json.WriteString("order_id", Id);
        if (currency is not null) json.WriteString("currency", currency);
        json.WriteNumber("amount_minor", amountMinor);
        json.WriteStartArray("items");
        json.WriteStartObject();
        json.WriteString("sku", "cd");
        json.WriteNumber("quantity", quantity);
        json.WriteNumber("amount_minor", amountMinor);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
