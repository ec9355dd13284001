using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using static Lifecycle.Engine.Ingest.QuarantineReasons;

namespace Lifecycle.Engine.Ingest;

internal sealed partial class EventParser
{
    private const string ItemsPointer = "/data/items";

    private readonly ImmutableArray<OrderItem>.Builder _items = ImmutableArray.CreateBuilder<OrderItem>();
    private readonly NameSet _itemNames = new(body);
    private readonly RawObject _privateItem = new();
    private readonly RawObject _privateItems = new();
    private bool _hadItems;

    private void ReadItems(ref Utf8JsonReader reader)
    {
        if (_hadItems) _faults.Add(DuplicateField, ItemsPointer, "is there twice");
        _hadItems = true;
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            _faults.Add(InvalidField, ItemsPointer, "must be an array");
            return;
        }

        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (count < InputLimits.ItemsMax)
                ReadItem(ref reader, count);
            else
                reader.Skip();
        }

        if (count > InputLimits.ItemsMax)
            _faults.Add(TooManyItems, ItemsPointer, $"has {count} lines, at most {InputLimits.ItemsMax} are taken");
        _private.Add("\"items\""u8, _privateItems);
    }

    private void ReadItem(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            _faults.Add(
                InvalidField, string.Create(CultureInfo.InvariantCulture, $"{ItemsPointer}/{index}"),
                "must be a JSON object");
            return;
        }

        _itemNames.Clear();
        _privateItem.Clear();
        var line = new Line();
        var had = ItemFields.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (field, name) = ItemFieldUnder(ref reader);
            if (field == ItemFields.None)
            {
                TakeUndeclared(ref reader, ItemsPointer, index, _itemNames, _privateItem);
                continue;
            }

            var place = new Place(ItemsPointer, name, index);
            if ((had & field) != 0) _faults.Add(DuplicateField, place, "is there twice");
            had |= field;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null) ReadItemField(ref reader, field, place, ref line);
        }

        _items.Add(new OrderItem
        {
            Sku = line.Sku ?? "", Category = line.Category ?? "",
            Line = line.ProductLine ?? "", Grade = line.Grade ?? "", Quantity = line.Quantity ?? 1,
            AmountMinor = line.AmountMinor ?? 0, DiscountMinor = line.DiscountMinor ?? 0,
            CostMinor = line.CostMinor ?? 0,
        });
        if (!_privateItem.IsEmpty)
            _privateItems.Add(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"{index}\"")), _privateItem);
    }

    private void ReadItemField(ref Utf8JsonReader reader, ItemFields field, Place place, ref Line line)
    {
        switch (field)
        {
            case ItemFields.Sku:
                line.Sku = ReadText(ref reader, place);
                break;
            case ItemFields.Category:
                line.Category = ReadText(ref reader, place);
                break;
            case ItemFields.Line:
                line.ProductLine = ReadText(ref reader, place);
                break;
            case ItemFields.Grade:
                line.Grade = ReadText(ref reader, place);
                break;
            case ItemFields.Quantity:
                line.Quantity = ReadInteger(ref reader, place, notNegative: true, InputLimits.QuantityMax);
                break;
            case ItemFields.AmountMinor:
                line.AmountMinor = ReadInteger(ref reader, place, notNegative: true);
                break;
            case ItemFields.DiscountMinor:
                line.DiscountMinor = ReadInteger(ref reader, place, notNegative: true);
                break;
            default:
                line.CostMinor = ReadInteger(ref reader, place, notNegative: true);
                break;
        }
    }

    private static (ItemFields Field, string Name) ItemFieldUnder(ref Utf8JsonReader reader)
    {
        if (!JsonText.IsText(ref reader)) return (ItemFields.None, "");
        if (reader.ValueTextEquals("sku"u8)) return (ItemFields.Sku, "sku");
        if (reader.ValueTextEquals("category"u8)) return (ItemFields.Category, "category");
        if (reader.ValueTextEquals("line"u8)) return (ItemFields.Line, "line");
        if (reader.ValueTextEquals("grade"u8)) return (ItemFields.Grade, "grade");
        if (reader.ValueTextEquals("quantity"u8)) return (ItemFields.Quantity, "quantity");
        if (reader.ValueTextEquals("amount_minor"u8)) return (ItemFields.AmountMinor, "amount_minor");
        if (reader.ValueTextEquals("discount_minor"u8)) return (ItemFields.DiscountMinor, "discount_minor");
        return reader.ValueTextEquals("cost_minor"u8) ? (ItemFields.CostMinor, "cost_minor") : (ItemFields.None, "");
    }

    private void ClearItems()
    {
        _items.Clear();
        _privateItems.Clear();
        _hadItems = false;
    }

    [Flags]
    private enum ItemFields
    {
        None = 0,
        Sku = 1,
        Category = 2,
        Line = 4,
        Grade = 8,
        Quantity = 16,
        AmountMinor = 32,
        DiscountMinor = 64,
        CostMinor = 128,
    }

    private struct Line
    {
        public string? Sku;
        public string? Category;
        public string? ProductLine;
        public string? Grade;
        public long? Quantity;
        public long? AmountMinor;
        public long? DiscountMinor;
        public long? CostMinor;
    }
}
