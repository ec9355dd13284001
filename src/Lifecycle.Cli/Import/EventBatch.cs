using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Lifecycle.Cli.Import;

/// <summary>The body of one request: a JSON array of events, written to a buffer that is used again.</summary>
internal sealed class EventBatch : IDisposable
{
    /// <summary>Every event's source; with the invoice number it makes a repeated import harmless.</summary>
    public const string Source = "online-retail";

    /// <summary>A batch takes no further event beyond this, whatever its number.</summary>
    public const int BytesMax = 512 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(BytesMax);
    private readonly Utf8JsonWriter _json;
    private readonly string? _currency;
    private readonly int _eventsMax;

    /// <param name="eventsMax">Events of one batch at most.</param>
    /// <param name="currency">Named in every event; null to leave the amounts in the program's own.</param>
    public EventBatch(int eventsMax, string? currency)
    {
        (_eventsMax, _currency) = (eventsMax, currency);
        _json = new Utf8JsonWriter(_buffer);
    }

    public int Count { get; private set; }

    public bool IsFull => Count >= _eventsMax || _buffer.WrittenCount + _json.BytesPending >= BytesMax;

    public void Dispose() => _json.Dispose();

    public void Clear()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        Count = 0;
    }

    /// <summary>The finished body; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        _json.WriteEndArray();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Add(Invoice invoice)
    {
        if (Count++ == 0) _json.WriteStartArray();
        _json.WriteStartObject();
        _json.WriteString("id", invoice.Number);
        _json.WriteString("source", Source);
        _json.WriteString("type", invoice.IsReturn ? "order.returned" : "order.placed");
        if (invoice.Customer is { } customer) _json.WriteString("customer", customer);
        _json.WriteString(
            "occurred_at", invoice.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        _json.WriteStartObject("data");
        WriteData(invoice);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteData(Invoice invoice)
    {
        // A return is written as what came back: the file's signs are turned.
        var sign = invoice.IsReturn ? -1 : 1;
        if (!invoice.IsReturn) _json.WriteString("order_id", invoice.Number);
        if (_currency is not null) _json.WriteString("currency", _currency);
        _json.WriteNumber("amount_minor", sign * invoice.Lines.Sum(line => line.AmountMinor));
        if (invoice.Country.Length > 0) _json.WriteString("country", invoice.Country);
        _json.WriteStartArray("items");
        foreach (var line in invoice.Lines)
        {
            _json.WriteStartObject();
            _json.WriteString("sku", line.Sku);
            _json.WriteNumber("quantity", sign * line.Quantity);
            _json.WriteNumber("amount_minor", sign * line.AmountMinor);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }
}
