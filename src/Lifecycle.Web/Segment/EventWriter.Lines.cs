using System.Globalization;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Web.Segment;

/// <summary>The lines of an order, a return or a cart.</summary>
internal sealed partial class EventWriter
{
    private void WriteProducts()
    {
        if (properties.Find("products") is not { } found) return;
        if (found.Value.ValueKind != JsonValueKind.Array)
        {
            faults.Add(QuarantineReasons.InvalidField, "/properties/products", "must be an array");
            json.WritePropertyName("items");
            json.WriteRawValue(found.Value.RawOf(), skipInputValidation: true);
            return;
        }

        properties.Take(found.Name);
        json.WriteStartArray("items");
        var index = 0;
        foreach (var product in found.Value.EnumerateArray())
        {
            WriteLine(product, string.Create(CultureInfo.InvariantCulture, $"/properties/products/{index}"), "product");
            index++;
        }

        json.WriteEndArray();
    }

    private void WriteItself()
    {
        json.WriteStartArray("items");
        WriteLine(properties, "/properties", null);
        json.WriteEndArray();
    }

    private void WriteLine(JsonElement product, string pointer, string rest)
    {
        if (product.ValueKind == JsonValueKind.Object)
        {
            WriteLine(new MessageProperties(product, default), pointer, rest);
            return;
        }

        faults.Add(QuarantineReasons.InvalidField, pointer, "must be a JSON object");
        json.WriteRawValue(product.RawOf(), skipInputValidation: true);
    }

    /// <param name="rest">Under which name the line keeps what is not taken; null where the event does.</param>
    private void WriteLine(MessageProperties line, string pointer, string? rest)
    {
        json.WriteStartObject();
        WriteDescriptor(line, EventSchema.Sku, "sku", "product_id");
        WriteDescriptor(line, EventSchema.Category, "category");
        var quantity = WriteQuantity(line, pointer);
        // The price itself stays with the rest: the amount is of the whole line.
        if (line.Find("price") is { } price)
        {
            var amount = price.Value.DecimalOf() is { } one and >= 0
                ? InRange(one, quantity, $"{pointer}/price")
                : Wrong(QuarantineReasons.InvalidField, $"{pointer}/price", AmountWanted);
            if (amount is { } minor) json.WriteNumber(EventSchema.AmountMinor.Name, minor);
            else WriteWrong(EventSchema.AmountMinor, price.Value);
        }

        if (rest is not null) line.WriteRest(json, rest);
        json.WriteEndObject();
    }

    private void WriteDescriptor(MessageProperties line, Field field, params ReadOnlySpan<string> names)
    {
        if (line.Find(names) is { } found && WriteText(field, found.Value)) line.Take(found.Name);
    }

    private decimal WriteQuantity(MessageProperties line, string pointer)
    {
        if (line.Find("quantity") is not { } found) return 1;
        if (found.Value.DecimalOf() is not { } pieces || pieces != decimal.Truncate(pieces)
            || pieces is < 0 or > InputLimits.QuantityMax)
        {
            faults.Add(
                QuarantineReasons.InvalidField, $"{pointer}/quantity",
                $"must be a whole number from 0 to {InputLimits.QuantityMax}");
            json.WriteString("quantity", found.Value.TextOf() ?? found.Value.GetRawText());
            return 1;
        }

        json.WriteNumber("quantity", (long)pieces);
        line.Take(found.Name);
        return pieces;
    }
}
