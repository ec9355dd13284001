using System.Text;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Ingest;

/// <summary>How a text was understood as a time.</summary>
public enum TimeSyntax
{
    Ok,

    /// <summary>Not a date and time with an offset.</summary>
    Wrong,

    /// <summary>Written like one, but the year, or the instant in UTC, is not between 0001 and 9999.</summary>
    OutOfRange,
}

/// <summary>
/// Times as RFC 3339 writes them: date, <c>T</c>, time, optional fraction (cut to the microsecond), and an offset or
/// <c>Z</c>. The framework's readers take a missing offset for the machine's own zone; here it is a fault.
/// </summary>
public static class Rfc3339
{
    private const int FractionAt = 19;

    public static TimeSyntax Parse(string text, out Instant instant) =>
        Parse(Encoding.UTF8.GetBytes(text), out instant);

    public static TimeSyntax Parse(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (HasWideYear(text)) return TimeSyntax.OutOfRange;
        if (text.Length is < 20 or > 40 || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':')
            return TimeSyntax.Wrong;
        if (text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return TimeSyntax.Wrong;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)
            || !Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute)
            || !Digits(text[17..19], out var second))
            return TimeSyntax.Wrong;
        if (year == 0) return TimeSyntax.OutOfRange;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59
            || second > 60)
            return TimeSyntax.Wrong;

        var rest = text[FractionAt..];
        if (!Fraction(ref rest, out var micros) || !Offset(rest, out var offsetMinutes)) return TimeSyntax.Wrong;
        // A leap second is the last microsecond of its minute, so that times stay in order.
        if (second == 60) (second, micros) = (59, 999_999);
        var local = Instant.From(new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero));
        instant = new(local.Micros + micros - offsetMinutes * 60 * Instant.MicrosPerSecond);
        return instant < Instant.Earliest || instant > Instant.Latest ? TimeSyntax.OutOfRange : TimeSyntax.Ok;
    }

    /// <summary>A sign or five digits and more before the first dash: a year that RFC 3339 cannot write.</summary>
    private static bool HasWideYear(ReadOnlySpan<byte> text)
    {
        var signed = text.Length > 0 && text[0] is (byte)'-' or (byte)'+';
        var digits = signed ? text[1..] : text;
        var dash = digits.IndexOf((byte)'-');
        return dash >= (signed ? 4 : 5) && !digits[..dash].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9') return false;
            value = value * 10 + (c - '0');
        }

        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<byte> rest, out int micros)
    {
        micros = 0;
        if (rest[0] != '.') return true;
        var length = 0;
        for (var i = 1; i < rest.Length && rest[i] is >= (byte)'0' and <= (byte)'9'; i++) length = i;
        if (length == 0) return false;
        for (var i = 1; i <= 6; i++) micros = micros * 10 + (i <= length ? rest[i] - '0' : 0);
        rest = rest[(length + 1)..];
        return true;
    }

    private static bool Offset(ReadOnlySpan<byte> rest, out long minutes)
    {
        minutes = 0;
        if (rest.Length == 1) return rest[0] is (byte)'Z' or (byte)'z';
        if (rest.Length != 6 || rest[0] is not ((byte)'+' or (byte)'-') || rest[3] != ':') return false;
        if (!Digits(rest[1..3], out var hours) || !Digits(rest[4..6], out var more)) return false;
        if (hours > 23 || more > 59) return false;
        minutes = (hours * 60 + more) * (rest[0] == '-' ? -1 : 1);
        return true;
    }
}
