using System.Globalization;
using Lifecycle.Engine.Ingest;

namespace Lifecycle.Cli.Import.Csv;

/// <summary>Texts of a file as instants, local ones by the rules of their zone.</summary>
internal sealed class CsvTimes(CsvTime time)
{
    private const string Unix = "unix";
    private const string UnixMilliseconds = "unix_ms";
    private static readonly DateTimeOffset Sample = new(2011, 12, 13, 14, 15, 16, 170, TimeSpan.Zero);

    /// <summary>Local times that clocks leapt over, taken as that much later.</summary>
    public long Skipped { get; private set; }

    /// <summary>Local times that clocks showed twice.</summary>
    public long Ambiguous { get; private set; }

    /// <summary>It must give back the day that it wrote.</summary>
    public static bool IsFormat(string format)
    {
        if (format is Unix or UnixMilliseconds) return true;
        try
        {
            var text = Sample.ToString(format, CultureInfo.InvariantCulture);
            return DateTimeOffset.TryParseExact(
                text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var back)
                && back.UtcDateTime.Date == Sample.Date;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public static bool HasOffset(string format) =>
        format is Unix or UnixMilliseconds || format.Contains('z', StringComparison.Ordinal)
        || format.Contains('K', StringComparison.Ordinal) || format.Contains("'Z'", StringComparison.Ordinal);

    /// <summary>UTC; null with what is wrong.</summary>
    public DateTime? Parse(string text, out string fault)
    {
        fault = "";
        if (time.Formats.Count == 0)
        {
            if (Rfc3339.Parse(text, out var instant) == TimeSyntax.Ok) return instant.ToDateTimeOffset().UtcDateTime;
            fault = $"'{text}' is not a time with an offset, such as 2026-11-20T09:30:00Z";
            return null;
        }

        foreach (var format in time.Formats)
        {
            if (format is Unix or UnixMilliseconds)
            {
                if (FromUnix(text, format) is { } since) return since;
            }
            else if (HasOffset(format))
            {
                if (DateTimeOffset.TryParseExact(
                    text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                    return at.UtcDateTime;
            }
            else if (DateTime.TryParseExact(
                text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            {
                return OfZone(local, time.Zone ?? TimeZoneInfo.Utc, out fault);
            }
        }

        fault = $"'{text}' is not a time of the form {string.Join(" or ", time.Formats)}";
        return null;
    }

    private static DateTime? FromUnix(string text, string format)
    {
        // Until the year 9999.
        const long secondsMax = 253_402_300_799;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return null;
        var milliseconds = format == Unix ? number * (number is >= 0 and <= secondsMax ? 1000 : 0) : number;
        if (milliseconds < 0 || milliseconds > secondsMax * 1000 || (format == Unix && number > secondsMax)) return null;
        return number < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
    }

    private DateTime? OfZone(DateTime local, TimeZoneInfo zone, out string fault)
    {
        fault = "";
        if (zone.IsInvalidTime(local))
        {
            if (time.Skipped == LocalTimeChoice.Reject)
            {
                fault = $"'{local:yyyy-MM-dd HH:mm}' never was in {zone.Id}: clocks leapt over it";
                return null;
            }

            Skipped++;
            // The offset of the hour before makes 02:30 the 03:30 that clocks showed then.
            return AsUtc(local - zone.GetUtcOffset(local.AddHours(-3)));
        }

        if (!zone.IsAmbiguousTime(local)) return AsUtc(local - zone.GetUtcOffset(local));
        if (time.Ambiguous == LocalTimeChoice.Reject)
        {
            fault = $"'{local:yyyy-MM-dd HH:mm}' was twice in {zone.Id}: clocks were set back";
            return null;
        }

        Ambiguous++;
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        return AsUtc(local - (time.Ambiguous == LocalTimeChoice.Earlier ? offsets.Max() : offsets.Min()));
    }

    private static DateTime AsUtc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
