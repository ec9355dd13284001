using System.Globalization;
using System.Text.Json;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>A row's value is not what the map says.</summary>
internal sealed class CsvRowException(string reason, string message) : Exception(message)
{
    /// <summary>One of <see cref="LineReasons"/>.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Makes values of texts: exact decimals, never a binary float.</summary>
/// <param name="times">For fields that are times.</param>
internal sealed class CsvConversion(CsvMap map, CsvTimes times)
{
    private static readonly string[] True = ["true", "yes", "1"];
    private static readonly string[] False = ["false", "no", "0"];

    /// <summary>The text of a value; null for nothing.</summary>
    /// <exception cref="CsvRowException">It is not one of those that the map lists.</exception>
    public static string? TextOf(CsvValue value, CsvRow row, string name)
    {
        if (value.Text.Of(row) is not { } text) return value.Default;
        if (value.Values is not { } values) return text;
        return values.TryGetValue(text, out var mapped) ? mapped : throw new CsvRowException(
            LineReasons.BadValue, $"{name}: '{text}' is not one of {string.Join(", ", values.Keys)}");
    }

    /// <summary>Writes the value under its name; nothing when there is none.</summary>
    /// <param name="exponent">Of the currency.</param>
    public void Write(Utf8JsonWriter json, string name, CsvValue value, CsvRow row, int exponent)
    {
        if (value.Kind is CsvKind.Money or CsvKind.Integer or CsvKind.Number)
        {
            if (NumberOf(name, value, row, exponent) is { } number) json.WriteNumber(name, number);
            return;
        }

        if (TextOf(value, row, name) is not { } text) return;
        switch (value.Kind)
        {
            case CsvKind.Boolean when True.Contains(text, StringComparer.OrdinalIgnoreCase):
                json.WriteBoolean(name, true);
                break;
            case CsvKind.Boolean when False.Contains(text, StringComparer.OrdinalIgnoreCase):
                json.WriteBoolean(name, false);
                break;
            case CsvKind.Boolean:
                throw new CsvRowException(LineReasons.BadValue, $"{name}: '{text}' is not true, false, yes, no, 1 or 0");
            case CsvKind.Time:
                if (times.Parse(text, out var fault) is not { } at)
                    throw new CsvRowException(LineReasons.BadDate, $"{name}: {fault}");
                json.WriteString(name, at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteString(name, text);
                break;
        }
    }

    /// <summary>A number, money in minor units; null for nothing.</summary>
    public decimal? NumberOf(string name, CsvValue value, CsvRow row, int exponent)
    {
        if (TextOf(value, row, name) is not { } text) return null;
        var number = Parse(name, text);
        if (value.Times is { } factor)
        {
            if (factor.Of(row) is not { } other) return null;
            if (Math.Abs(number) > InputLimits.AmountMax) throw TooLarge(name, text);
            var times = Parse(name, other);
            if (Math.Abs(times) > InputLimits.AmountMax) throw TooLarge(name, other);
            number *= times;
        }

        if (Math.Abs(number) > InputLimits.AmountMax) throw TooLarge(name, text);
        if (value.Negate) number = -number;
        if (value.Kind == CsvKind.Number) return number;
        for (var i = 0; value.Kind == CsvKind.Money && i < exponent; i++) number *= 10;
        if (value.Round) return decimal.Round(number, MidpointRounding.AwayFromZero);
        if (decimal.Truncate(number) == number) return decimal.Truncate(number);
        throw new CsvRowException(
            LineReasons.BadNumber,
            value.Kind == CsvKind.Money
                ? $"{name}: '{text}' has more than {exponent} decimals; 'round: true' in the map rounds it"
                : $"{name}: '{text}' is no whole number; 'round: true' in the map rounds it");
    }

    private decimal Parse(string name, string text)
    {
        var (point, thousands) = (map.Numbers.Decimal, map.Numbers.Thousands);
        var trimmed = text.Trim();
        var end = trimmed.IndexOf(point, StringComparison.Ordinal);
        var whole = end < 0 ? trimmed : trimmed[..end];
        if (thousands is { } separator && whole.Contains(separator, StringComparison.Ordinal))
        {
            var groups = whole.TrimStart('-', '+').Split(separator);
            if (groups[0].Length is 0 or > 3 || groups.Skip(1).Any(group => group.Length != 3)) throw NoNumber(name, text);
            whole = whole.Replace($"{separator}", "", StringComparison.Ordinal);
        }

        var plain = end < 0 ? whole : $"{whole}.{trimmed[(end + 1)..]}";
        if (point != '.' && (end < 0 ? whole : trimmed[(end + 1)..] + whole).Contains('.', StringComparison.Ordinal))
            throw NoNumber(name, text);
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        // More digits than a decimal holds would be rounded in silence.
        if (plain.Length <= 27 && decimal.TryParse(plain, style, CultureInfo.InvariantCulture, out var number))
            return number;
        throw NoNumber(name, text);
    }

    private CsvRowException NoNumber(string name, string text) => new(
        LineReasons.BadNumber,
        $"{name}: '{text}' is no number written with '{map.Numbers.Decimal}'"
        + (map.Numbers.Thousands is { } separator ? $" and with '{separator}' between thousands" : ""));

    private static CsvRowException TooLarge(string name, string text) =>
        new(LineReasons.BadNumber, $"{name}: '{text}' is more than {InputLimits.AmountMax}");
}
