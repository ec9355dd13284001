using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Points;

/// <summary>When earned points expire: rolling days or calendar months, in the program's time zone.</summary>
internal static class ExpiryDates
{
    public static Instant Of(Program program, Instant earnedAt)
    {
        var rule = program.Points.Expiry;
        if (rule is { Months: 0, Days: 0 }) return Instant.Never;
        var zone = program.TimeZone;
        var local = TimeZoneInfo.ConvertTime(earnedAt.ToDateTimeOffset(), zone).DateTime;
        if ((9_998 - local.Year) * 366L < rule.Days || (9_998 - local.Year) * 12L < rule.Months) return Instant.Never;
        if (rule.Round == ExpiryRounding.None && rule.Months == 0) return earnedAt.PlusDays(rule.Days);
        var due = rule.Months > 0 ? local.AddMonths(rule.Months) : local.AddDays(rule.Days);
        return ToInstant(rule.Round switch
        {
            ExpiryRounding.Day => due.Date.AddDays(1),
            ExpiryRounding.Month => new DateTime(due.Year, due.Month, 1).AddMonths(1),
            _ => due,
        }, zone);
    }

    /// <summary>
    /// A local time that a clock change skips means the instant of the change; a doubled one the first.
    /// </summary>
    private static Instant ToInstant(DateTime local, TimeZoneInfo zone)
    {
        var time = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(time)) time = time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));
        while (zone.IsInvalidTime(time)) time = time.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(time) ? zone.GetAmbiguousTimeOffsets(time).Max() : zone.GetUtcOffset(time);
        return Instant.From(new DateTimeOffset(time, offset));
    }
}
