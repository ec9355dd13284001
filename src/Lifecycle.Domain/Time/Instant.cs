using System.Globalization;

namespace Lifecycle.Domain.Time;

/// <summary>
/// A point in time: whole microseconds since 1970-01-01T00:00:00Z, the resolution of every store we use.
/// </summary>
public readonly record struct Instant(long Micros) : IComparable<Instant>
{
    /// <summary>Microseconds in a day of 24 hours.</summary>
    public const long MicrosPerDay = 86_400_000_000;

    /// <summary>Microseconds in an hour.</summary>
    public const long MicrosPerHour = 3_600_000_000;

    /// <summary>Microseconds in a second.</summary>
    public const long MicrosPerSecond = 1_000_000;

    /// <summary>Later than every instant that can be written; "does not happen".</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>0001-01-01T00:00:00Z, the earliest instant that can be written.</summary>
    public static readonly Instant Earliest = From(DateTimeOffset.MinValue);

    /// <summary>9999-12-31T23:59:59.999999Z, the latest instant that can be written.</summary>
    public static readonly Instant Latest = From(DateTimeOffset.MaxValue);

    /// <summary>Truncates to the microsecond.</summary>
    public static Instant From(DateTimeOffset time) =>
        new((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10);

    /// <summary>Only for instants between <see cref="Earliest"/> and <see cref="Latest"/>.</summary>
    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Micros * 10);

    /// <summary>Whole hours since the epoch, rounded towards the past.</summary>
    public long Hour => Math.DivRem(Micros, MicrosPerHour) is var (q, r) && r < 0 ? q - 1 : q;

    /// <summary>Midnight UTC of its day.</summary>
    public Instant StartOfDay() => new(Micros - ((Micros % MicrosPerDay) + MicrosPerDay) % MicrosPerDay);

    /// <summary>What is later than <see cref="Latest"/> is <see cref="Never"/>.</summary>
    public Instant Plus(TimeSpan span) => Plus(span.Ticks / 10);

    /// <summary>What is later than <see cref="Latest"/> is <see cref="Never"/>.</summary>
    public Instant Plus(long micros) =>
        this == Never || micros > Latest.Micros - Micros ? Never : new(Micros + micros);

    public Instant PlusDays(long days) => Plus(checked(days * MicrosPerDay));

    public static Instant Max(Instant a, Instant b) => a.Micros >= b.Micros ? a : b;

    public static Instant Min(Instant a, Instant b) => a.Micros <= b.Micros ? a : b;

    public int CompareTo(Instant other) => Micros.CompareTo(other.Micros);

    public static bool operator <(Instant a, Instant b) => a.Micros < b.Micros;

    public static bool operator >(Instant a, Instant b) => a.Micros > b.Micros;

    public static bool operator <=(Instant a, Instant b) => a.Micros <= b.Micros;

    public static bool operator >=(Instant a, Instant b) => a.Micros >= b.Micros;

    public static long operator -(Instant a, Instant b) => a.Micros - b.Micros;

    /// <summary>
    /// RFC 3339 in UTC, with a fraction only where there is one; <c>never</c> for <see cref="Never"/>.
    /// </summary>
    public override string ToString()
    {
        if (this == Never) return "never";
        var time = ToDateTimeOffset().UtcDateTime;
        var format = Micros % MicrosPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
        return time.ToString(format, CultureInfo.InvariantCulture);
    }
}
