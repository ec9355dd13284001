using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using static Lifecycle.Engine.Ingest.QuarantineReasons;

namespace Lifecycle.Engine.Ingest;

internal sealed partial class EventParser
{
    private readonly FieldValue[] _values = new FieldValue[64];
    private readonly NameSet _dataNames = new(body);
    private readonly RawObject _private = new();

    /// <summary>A bit for each field that was there, by its stored number.</summary>
    private ulong _had;
    private ulong _set;

    private void ReadData(ref Utf8JsonReader reader, TypeSchema schema)
    {
        if (reader.TokenType == JsonTokenType.Null) return;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            _faults.Add(InvalidField, "/data", "must be a JSON object");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonText.IsText(ref reader))
                TakeUndeclared(ref reader, "/data", -1, _dataNames, _private);
            else if (schema.HasItems && reader.ValueTextEquals("items"u8))
                ReadItems(ref reader);
            else if (Declared(ref reader, schema) is { } field)
                ReadField(ref reader, field);
            else
                TakeUndeclared(ref reader, "/data", -1, _dataNames, _private);
        }
    }

    private static Field? Declared(ref Utf8JsonReader reader, TypeSchema schema)
    {
        foreach (var declared in schema.Fields)
            if (reader.ValueTextEquals(declared.Name)) return declared.Field;
        return null;
    }

    private void ReadField(ref Utf8JsonReader reader, Field field)
    {
        var bit = 1UL << field.Id;
        var again = (_had & bit) != 0;
        _had |= bit;
        reader.Read();
        var place = new Place("/data", field.Name);
        if (again) _faults.Add(DuplicateField, place, "is there twice");
        if (reader.TokenType == JsonTokenType.Null) return;
        if (ReadValue(ref reader, field, place) is not { } value) return;
        _values[field.Id] = value;
        _set |= bit;
    }

    private FieldValue? ReadValue(ref Utf8JsonReader reader, Field field, Place place)
    {
        switch (field.Kind)
        {
            case FieldKind.Text:
                var max = field == EventSchema.OrderId ? InputLimits.IdMax : InputLimits.TextMax;
                return ReadText(ref reader, place, max) is { } text ? new(field, text) : null;
            case FieldKind.Integer:
                return ReadInteger(ref reader, place, field.NotNegative) is { } n ? new(field, Integer: n) : null;
            case FieldKind.Number:
                return ReadNumber(ref reader, place, field.NotNegative) is { } d ? new(field, Number: d) : null;
            case FieldKind.Json:
                return ReadJson(ref reader, place) is { } json ? new(field, json) : null;
            case FieldKind.Boolean when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                return new(field, Integer: reader.TokenType == JsonTokenType.True ? 1 : 0);
            case FieldKind.Time when TakeTime(ref reader, out var time) == TimeSyntax.Ok:
                return new(field, Integer: time.Micros);
            default:
                reader.Skip();
                var wanted = field.Kind == FieldKind.Time ? TimeWanted : "must be true or false";
                _faults.Add(InvalidField, place, wanted);
                return null;
        }
    }

    private EventData ToData()
    {
        _private.Add("\"$envelope\""u8, _envelope);
        if (_set == 0 && _items.Count == 0 && _private.IsEmpty) return EventData.Empty;
        var fields = ImmutableArray.CreateBuilder<FieldValue>(BitOperations.PopCount(_set));
        for (var rest = _set; rest != 0; rest &= rest - 1) fields.Add(_values[BitOperations.TrailingZeroCount(rest)]);
        return new(fields.MoveToImmutable(), _items.ToImmutable(), _private.ToArray());
    }

    private void ClearData()
    {
        (_had, _set) = (0, 0);
        _dataNames.Clear();
        _private.Clear();
        ClearItems();
    }
}
