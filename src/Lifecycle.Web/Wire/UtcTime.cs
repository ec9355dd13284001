using Lifecycle.Domain.Time;

namespace Lifecycle.Web.Wire;

/// <summary>RFC 3339 in UTC, in ASCII.</summary>
internal static class UtcTime
{
    private const int FractionDigits = 6;

    /// <summary>Whole days from 0001-01-01 to 1970-01-01.</summary>
    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Answers how many bytes it took: at most 27. Only for instants that can be written.</summary>
    /// <param name="trimmed">Whether a fraction ends before its zeros; else it has six digits or is not there.</param>
    public static int Write(Span<byte> target, Instant at, bool trimmed)
    {
        var day = Math.DivRem(at.Micros, Instant.MicrosPerDay, out var micros);
        if (micros < 0) (day, micros) = (day - 1, micros + Instant.MicrosPerDay);
        var (year, month, date) = DateOnly.FromDayNumber(EpochDay + (int)day);
        var second = (int)(micros / Instant.MicrosPerSecond);
        Two(target, 0, year / 100);
        Two(target, 2, year % 100);
        target[4] = target[7] = (byte)'-';
        Two(target, 5, month);
        Two(target, 8, date);
        target[10] = (byte)'T';
        Two(target, 11, second / 3_600);
        target[13] = target[16] = (byte)':';
        Two(target, 14, second / 60 % 60);
        Two(target, 17, second % 60);
        var length = 19 + Fraction(target[19..], (int)(micros % Instant.MicrosPerSecond), trimmed);
        target[length] = (byte)'Z';
        return length + 1;
    }

    private static int Fraction(Span<byte> target, int micros, bool trimmed)
    {
        if (micros == 0) return 0;
        target[0] = (byte)'.';
        for (var i = FractionDigits; i > 0; i--, micros /= 10) target[i] = (byte)('0' + micros % 10);
        var length = FractionDigits;
        while (trimmed && target[length] == '0') length--;
        return length + 1;
    }

    private static void Two(Span<byte> target, int at, int value)
    {
        target[at] = (byte)('0' + value / 10);
        target[at + 1] = (byte)('0' + value % 10);
    }
}
