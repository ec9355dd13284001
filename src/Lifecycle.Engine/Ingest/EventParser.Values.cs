using System.Globalization;
using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using static Lifecycle.Engine.Ingest.QuarantineReasons;

namespace Lifecycle.Engine.Ingest;

internal sealed partial class EventParser
{
    /// <summary>Bytes of the longest escape of one character: <c>\u0041</c>.</summary>
    private const int EscapeBytes = 6;

    private string? ReadId(ref Utf8JsonReader reader, string pointer, string reason = InvalidId)
    {
        if (!TakeText(ref reader, InputLimits.IdMax, out var text, out var fault))
        {
            _faults.Add(reason, pointer, fault);
            return null;
        }

        fault = Ids.Fault(text);
        if (fault is null) return text;
        // A blank customer is the usual mark of a line without one.
        if (pointer == "/customer" && string.IsNullOrWhiteSpace(text)) reason = MissingCustomer;
        _faults.Add(reason, pointer, fault);
        return null;
    }

    private Instant? ReadOccurredAt(ref Utf8JsonReader reader)
    {
        var syntax = TakeTime(ref reader, out var time);
        if (syntax == TimeSyntax.Ok && limits.ClockBehind is { } behind)
        {
            _claimedAt = time;
            time = time.Plus(behind);
        }

        if (syntax == TimeSyntax.Wrong)
            _faults.Add(InvalidField, "/occurred_at", TimeWanted);
        else if (syntax == TimeSyntax.OutOfRange || time.Micros < 0 || time > Instant.Latest)
            _faults.Add(OccurredAtOutOfRange, "/occurred_at", "must be in the years 1970 to 9999 of UTC");
        else if (time > now.Plus(EventReaderLimits.AheadMax))
            _faults.Add(
                OccurredAtInFuture, "/occurred_at",
                $"is more than {EventReaderLimits.AheadMax.TotalMinutes:0} minutes ahead of our clock");
        return time;
    }

    private const string TimeWanted = "must be a time with an offset, such as 2026-11-20T09:30:00Z";

    private static TimeSyntax TakeTime(ref Utf8JsonReader reader, out Instant time)
    {
        time = default;
        if (!TakeText(ref reader, InputLimits.TextMax, out var text, out _)) return TimeSyntax.Wrong;
        return Rfc3339.Parse(text, out time);
    }

    /// <summary>Stands on any value, and afterwards on its last token.</summary>
    private static bool TakeText(ref Utf8JsonReader reader, int max, out string text, out string fault)
    {
        (text, fault) = ("", "");
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            fault = "must be a string";
        }
        else if (reader.ValueSpan.Length > max * EscapeBytes)
        {
            // Ten megabytes need not become a string to be refused.
            fault = $"must have at most {max} characters, it has {reader.ValueSpan.Length} bytes";
        }
        else if (JsonText.Decode(ref reader) is not { } decoded)
        {
            fault = HalfPair;
        }
        else if (decoded.Length > max)
        {
            fault = $"must have at most {max} characters, it has {decoded.Length}";
        }
        else
        {
            text = decoded;
        }

        return fault.Length == 0;
    }

    private string? ReadText(ref Utf8JsonReader reader, Place place, int max = InputLimits.TextMax)
    {
        if (TakeText(ref reader, max, out var text, out var fault))
        {
            var control = text.AsSpan().IndexOfAnyInRange('\0', '\u001F');
            if (control < 0) return text;
            fault = $"must not hold control characters, it has U+{(int)text[control]:X4}";
        }

        _faults.Add(InvalidField, place, fault);
        return null;
    }

    private long? ReadInteger(
        ref Utf8JsonReader reader, Place place, bool notNegative, long max = InputLimits.AmountMax)
    {
        if (reader.TokenType != JsonTokenType.Number || reader.ValueSpan.IndexOfAny(".eE"u8) >= 0)
        {
            reader.Skip();
            _faults.Add(InvalidField, place, "must be a whole number");
            return null;
        }

        var min = notNegative ? 0 : -max;
        if (reader.TryGetInt64(out var value) && value >= min && value <= max) return value;
        _faults.Add(
            AmountOutOfRange, place, string.Create(CultureInfo.InvariantCulture, $"must be from {min} to {max}"));
        return null;
    }

    private decimal? ReadNumber(ref Utf8JsonReader reader, Place place, bool notNegative)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value)
            && Math.Abs(value) <= InputLimits.AmountMax && !(notNegative && value < 0))
            return value;
        reader.Skip();
        var least = notNegative ? "not negative and " : "";
        _faults.Add(InvalidField, place, $"must be a number, {least}at most {InputLimits.AmountMax} in size");
        return null;
    }

    private string? ReadJson(ref Utf8JsonReader reader, Place place)
    {
        var start = (int)reader.TokenStartIndex;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        var isText = JsonText.SkipChecked(ref reader);
        var raw = body.Span[start..(int)reader.BytesConsumed];
        if (isObject && isText && raw.Length <= InputLimits.JsonMax) return Encoding.UTF8.GetString(raw);
        _faults.Add(InvalidField, place, $"must be an object of at most {InputLimits.JsonMax} bytes");
        return null;
    }

    /// <summary>Stands on the name of a member that nobody declared; keeps it for the sealed document.</summary>
    private void TakeUndeclared(ref Utf8JsonReader reader, string parent, int item, NameSet names, RawObject into)
    {
        var named = reader;
        var isText = JsonText.IsText(ref reader);
        var again = isText && !names.Add(ref reader);
        var reserved = isText && reader.ValueTextEquals(EnvelopeName);
        var name = body.Slice((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2);
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        isText &= JsonText.SkipChecked(ref reader);
        into.Add(name.Span, body.Span[start..(int)reader.BytesConsumed]);
        if (isText && !again && !reserved) return;

        var place = new Place(parent, JsonText.Decode(ref named) ?? "", item);
        if (again) _faults.Add(DuplicateField, place, "is there twice");
        else _faults.Add(InvalidField, place, reserved ? "is a reserved name" : HalfPair);
    }

    private const string HalfPair = "must be text: it has half of a surrogate pair";
}
