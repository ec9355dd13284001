using System.Text.Json;

namespace Lifecycle.Cli.Import;

/// <summary>One invoice of the file with all its lines: one event.</summary>
internal sealed class Invoice(string number, string? customer, string country, DateTime at, long fileLine)
    : ImportEvent(at)
{
    /// <summary>Every event's source; with the invoice number it makes a repeated import harmless.</summary>
    public const string Source = "online-retail";

    /// <summary>The prefix of an invoice number that makes it a cancellation.</summary>
    private const char ReturnPrefix = 'C';

    private readonly List<InvoiceLine> _lines = [];

    public string Number => number;

    public override string Id => number;

    public override string? Customer => customer;

    /// <summary>Empty where the file names none.</summary>
    public string Country => country;

    public override long FileLine => fileLine;

    public override int LineCount => _lines.Count;

    public IReadOnlyList<InvoiceLine> Lines => _lines;

    public bool IsReturn => number.StartsWith(ReturnPrefix);

    public void Add(InvoiceLine line, DateTime at)
    {
        _lines.Add(line);
        BeginNotAfter(at);
    }

    public override void WriteTo(Utf8JsonWriter json, string? currency)
    {
        json.WriteStartObject();
        json.WriteString("id", Number);
        json.WriteString("source", Source);
        json.WriteString("type", IsReturn ? "order.returned" : "order.placed");
        if (Customer is { } named) json.WriteString("customer", named);
        json.WriteString("occurred_at", OccurredAt);
        json.WriteStartObject("data");
        WriteData(json, currency);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteData(Utf8JsonWriter json, string? currency)
    {
        // A return is written as what came back: the file's signs are turned.
        var sign = IsReturn ? -1 : 1;
        if (!IsReturn) json.WriteString("order_id", Number);
        if (currency is not null) json.WriteString("currency", currency);
        json.WriteNumber("amount_minor", sign * Lines.Sum(line => line.AmountMinor));
        if (Country.Length > 0) json.WriteString("country", Country);
        json.WriteStartArray("items");
        foreach (var line in Lines)
        {
            json.WriteStartObject();
            json.WriteString("sku", line.Sku);
            json.WriteNumber("quantity", sign * line.Quantity);
            json.WriteNumber("amount_minor", sign * line.AmountMinor);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

/// <summary>A line with the file's own signs: what is returned is negative.</summary>
/// <param name="Sku">The stock code.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="AmountMinor">Quantity × price in hundredths, halves away from zero.</param>
internal readonly record struct InvoiceLine(string Sku, long Quantity, long AmountMinor);

/// <summary>A line that is sent to nobody, and why.</summary>
/// <param name="FileLine">Counted from 1, the line of column names included.</param>
/// <param name="Invoice">Its number; empty where it could not be read.</param>
/// <param name="Reason">One of <see cref="LineReasons"/>.</param>
/// <param name="Detail">For a person: what was found.</param>
internal sealed record LineProblem(long FileLine, string Invoice, string Reason, string Detail);

/// <summary>Why a line is sent to nobody.</summary>
internal static class LineReasons
{
    public const string ColumnCount = "column_count";
    public const string Quoting = "quoting";
    public const string MissingInvoice = "missing_invoice";
    public const string BadQuantity = "bad_quantity";
    public const string BadPrice = "bad_price";
    public const string BadDate = "bad_date";
    public const string BadCustomer = "bad_customer";
    public const string BadNumber = "bad_number";
    public const string BadValue = "bad_value";
    public const string BadId = "bad_id";
    public const string MissingCustomer = "missing_customer";
    public const string MissingTime = "missing_time";
    public const string UnknownCurrency = "unknown_currency";

    public const string BadEncoding = "bad_encoding";

    /// <summary>Another row of the event has a problem.</summary>
    public const string IncompleteGroup = "incomplete_group";

    /// <summary>Two events of the file have the same id.</summary>
    public const string IdTwice = "id_twice";

    /// <summary>Lines of one invoice name different customers.</summary>
    public const string MixedCustomers = "mixed_customers";

    /// <summary>Another line of the invoice cannot be read, and half an order would be a wrong order.</summary>
    public const string IncompleteInvoice = "incomplete_invoice";
}
