using System.Buffers;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Metrics;

/// <summary>The sums of one UTC hour or, for what is older than <see cref="Buckets.HoursDays"/>, one UTC day.</summary>
/// <param name="Start">Whole hours since 1970.</param>
public readonly record struct Bucket(long Start, WindowTotals Totals);

/// <summary>
/// Rolling windows as sums of buckets. An event counts in a window of N days while its bucket starts after
/// instant − N · 24 h; up to 90 days old its bucket is its UTC hour, beyond its UTC day.
/// </summary>
public static class Buckets
{
    /// <summary>Up to this age buckets are hours; it is also the longest window that counts by hours.</summary>
    public const int HoursDays = 90;

    /// <summary>Older buckets are dropped.</summary>
    public const int KeptDays = 400;

    /// <summary>Hours from which on a bucket is a day, and after which it is dropped.</summary>
    internal const long HourlyHours = HoursDays * DayHours;
    internal const long KeptHours = KeptDays * DayHours;

    private const int DayHours = 24;

    internal static bool IsDay(long start) => start % DayHours == 0;

    /// <summary>
    /// Makes hours into days and drops what is too old, seen from an instant that never runs backwards.
    /// </summary>
    internal static BucketSeries Age(BucketSeries buckets, Instant at)
    {
        if (at.Hour < buckets.AgesAt) return buckets;
        var hoursFrom = HoursFrom(at);
        var keptFrom = KeptFrom(at);
        var length = buckets.Length;
        var rented = ArrayPool<Bucket>.Shared.Rent(length);
        buckets.CopyTo(rented);
        var count = 0;
        for (var i = 0; i < length; i++)
        {
            var (bucketStart, totals) = rented[i];
            var start = bucketStart <= hoursFrom ? Day(bucketStart) : bucketStart;
            if (start <= keptFrom) continue;
            if (count > 0 && rented[count - 1].Start == start)
                rented[count - 1] = new(start, rented[count - 1].Totals.Plus(totals));
            else rented[count++] = new(start, totals);
        }

        var aged = BucketSeries.Of(rented.AsSpan(0, count));
        ArrayPool<Bucket>.Shared.Return(rented);
        return aged;
    }

    /// <summary>Adds to the bucket of an event, seen from <paramref name="at"/>; too old an event has none.</summary>
    internal static BucketSeries Add(BucketSeries buckets, Instant occurredAt, Instant at, WindowTotals delta)
    {
        var start = occurredAt.Hour;
        if (start <= HoursFrom(at)) start = Day(start);
        return start <= KeptFrom(at) ? buckets : buckets.Add(start, delta);
    }

    /// <summary>Of two that were aged to the same instant.</summary>
    internal static BucketSeries Plus(BucketSeries first, BucketSeries second)
    {
        if (first.IsEmpty || second.IsEmpty) return first.IsEmpty ? second : first;
        var (a, b) = (first.ToArray(), second.ToArray());
        var sum = new List<Bucket>(a.Length + b.Length);
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            if (j == b.Length || (i < a.Length && a[i].Start < b[j].Start)) sum.Add(a[i++]);
            else if (i == a.Length || b[j].Start < a[i].Start) sum.Add(b[j++]);
            else if (a[i].Totals.Plus(b[j].Totals) is var totals && totals != default) Both(totals);
            else (i, j) = (i + 1, j + 1);

            void Both(WindowTotals both)
            {
                sum.Add(new(a[i].Start, both));
                (i, j) = (i + 1, j + 1);
            }
        }

        return [.. sum];
    }

    internal static BucketSeries Minus(BucketSeries a, BucketSeries b) =>
        Plus(a, [.. b.ToArray().Select(bucket => new Bucket(bucket.Start, default(WindowTotals).Minus(bucket.Totals)))]);

    internal static WindowTotals Sum(BucketSeries buckets, int days, Instant instant)
    {
        var sum = default(WindowTotals);
        var newest = buckets.NewestFirst();
        while (newest.Next() && Counts(newest.Start, days, instant)) sum = sum.Plus(newest.Totals);
        return sum;
    }

    /// <summary>What <see cref="Sum"/> says of several windows, in one pass.</summary>
    /// <param name="windows">Days, ascending: what counts in one counts in each that is longer.</param>
    internal static void Sums(
        BucketSeries buckets, ReadOnlySpan<int> windows, Instant instant, Span<WindowTotals> sums)
    {
        var sum = default(WindowTotals);
        var newest = buckets.NewestFirst();
        var more = newest.Next();
        for (var window = 0; window < windows.Length; window++)
        {
            for (; more && Counts(newest.Start, windows[window], instant); more = newest.Next())
                sum = sum.Plus(newest.Totals);
            sums[window] = sum;
        }
    }

    /// <summary>Whether an event that occurred then counts in a window of these days at an instant.</summary>
    public static bool InWindow(Instant occurredAt, int days, Instant instant) =>
        Counts(occurredAt.Hour, days, instant);

    /// <summary>The first instant at which the bucket no longer counts in a window of these days.</summary>
    internal static Instant Leaves(long startHour, int days) =>
        new Instant((days > HoursDays ? Day(startHour) : startHour) * Instant.MicrosPerHour).PlusDays(days);

    internal static bool Counts(long startHour, int days, Instant instant)
    {
        var start = days > HoursDays ? Day(startHour) : startHour;
        return start * Instant.MicrosPerHour > instant.Micros - days * Instant.MicrosPerDay;
    }

    private static long Day(long hour) => hour - (((hour % DayHours) + DayHours) % DayHours);

    private static long HoursFrom(Instant at) => new Instant(at.Micros - HoursDays * Instant.MicrosPerDay).Hour;

    private static long KeptFrom(Instant at) => new Instant(at.Micros - KeptDays * Instant.MicrosPerDay).Hour;
}
