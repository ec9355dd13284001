using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Lifecycle.Web.Segment;

/// <summary>Reads the JSON of messages, in which clients of many languages put many things.</summary>
internal static class SegmentJson
{
    /// <summary>A member that is there and not null; undefined otherwise, also of what is no object.</summary>
    public static JsonElement Get(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member)
        && member.ValueKind != JsonValueKind.Null
            ? member
            : default;

    public static bool IsThere(this JsonElement json) =>
        json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>Clients write an empty text for what they do not know.</summary>
    public static bool IsEmptyText(this JsonElement json) =>
        json.ValueKind == JsonValueKind.String && json.ValueEquals(""u8);

    /// <summary>A text that is not empty, or a number as it was written: ids are often numbers. Else null.</summary>
    public static string? TextOf(this JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String when json.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Number => json.GetRawText(),
        _ => null,
    };

    /// <summary>A number, or a text that is one in the notation of JSON; else null.</summary>
    public static decimal? DecimalOf(this JsonElement json) =>
        json.ValueKind is JsonValueKind.Number or JsonValueKind.String
        && decimal.TryParse(
            json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText(),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent
            | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static ReadOnlySpan<byte> RawOf(this JsonElement json) => JsonMarshal.GetRawUtf8Value(json);

    /// <summary>False when an escape somewhere in it makes no text (half of a surrogate pair).</summary>
    public static bool IsText(ReadOnlySpan<byte> json)
    {
        // Only an escape can be half of a pair: the body is known to be UTF-8.
        if (json.IndexOf("\\u"u8) < 0) return true;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
                if (reader.ValueIsEscaped) _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
