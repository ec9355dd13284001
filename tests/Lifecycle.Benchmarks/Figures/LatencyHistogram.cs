using System.Numerics;

namespace Lifecycle.Benchmarks.Figures;

/// <summary>
/// Counts times in buckets that are 1/64 of their size wide: any percentile is right to 1.6 %, in a fixed 15 kB, and
/// recording costs a few nanoseconds.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 6;
    private const int Parts = 1 << Bits;

    // Nanoseconds up to 2^36 (68 s); what took longer counts as that.
    private const int Exponents = 36 - Bits + 1;

    private readonly long[] _counts = new long[Exponents * Parts];
    private long _max;

    public long Count { get; private set; }

    public void Record(TimeSpan time)
    {
        var nanoseconds = Math.Max(0, time.Ticks * TimeSpan.NanosecondsPerTick);
        _counts[BucketOf(nanoseconds)]++;
        _max = Math.Max(_max, nanoseconds);
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        _max = Math.Max(_max, other._max);
        Count += other.Count;
    }

    /// <summary>The time within which this share of all was done; the upper end of its bucket.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public TimeSpan Percentile(double share)
    {
        var rank = (long)Math.Ceiling(share * Count);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0) return From(Math.Min(EndOf(i), _max));
        }

        return From(_max);
    }

    private static TimeSpan From(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary>Up to 2 × <see cref="Parts"/> each value has a bucket; each doubling above has as many again.</summary>
    private static int BucketOf(long value)
    {
        if (value < Parts) return (int)value;
        var exponent = BitOperations.Log2((ulong)value) - Bits;
        return Math.Min((exponent + 1) * Parts + (int)((value >> exponent) & (Parts - 1)), Exponents * Parts - 1);
    }

    private static long EndOf(int bucket)
    {
        if (bucket < Parts) return bucket;
        var exponent = bucket / Parts - 1;
        return ((long)(bucket % Parts + Parts + 1) << exponent) - 1;
    }
}
