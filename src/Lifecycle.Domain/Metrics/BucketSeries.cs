using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Lifecycle.Domain.Customers;

namespace Lifecycle.Domain.Metrics;

/// <summary>
/// The buckets of a customer by start, packed: most hold one visit or one order, which is ten bytes instead of seventy.
/// Immutable; the default is empty.
/// </summary>
/// <remarks>
/// Four bytes with the hour at which <see cref="Buckets.Age"/> changes something, how many there are, then each, the
/// newest first, because that is what events change and windows begin with: the hours before the one in front of it (of
/// the first its own, zig-zag), a bit for each total that is not zero, and these. Numbers have seven bits a byte.
/// </remarks>
[CollectionBuilder(typeof(BucketSeries), nameof(Of))]
public readonly struct BucketSeries : IEquatable<BucketSeries>
{
    private const int AgesSize = sizeof(int);

    private readonly byte[]? _packed;

    private BucketSeries(byte[] packed) => _packed = packed;

    public bool IsEmpty => _packed is null;

    public int Length => _packed is null ? 0 : (int)new PackedReader(_packed.AsSpan(AgesSize)).Unsigned();

    /// <summary>The first hour from which on ageing changes something.</summary>
    internal long AgesAt => _packed is null ? int.MaxValue : BinaryPrimitives.ReadInt32LittleEndian(_packed);

    /// <summary>Packs buckets that come by start.</summary>
    public static BucketSeries Of(ReadOnlySpan<Bucket> buckets)
    {
        if (buckets.IsEmpty) return default;
        var agesAt = buckets[0].Start + Buckets.KeptHours;
        foreach (ref readonly var bucket in buckets)
        {
            if (Buckets.IsDay(bucket.Start)) continue;
            agesAt = Math.Min(agesAt, bucket.Start + Buckets.HourlyHours);
            break;
        }

        var packing = new PackedWriter(stackalloc byte[512]);
        packing.Fixed(AgesOf(agesAt));
        packing.Unsigned((ulong)buckets.Length);
        packing.Signed(buckets[^1].Start);
        packing.Totals(buckets[^1].Totals);
        for (var i = buckets.Length - 2; i >= 0; i--)
        {
            packing.Unsigned((ulong)(buckets[i + 1].Start - buckets[i].Start));
            packing.Totals(buckets[i].Totals);
        }

        return new(packing.Finish());
    }

    /// <summary>With a change of the totals of a bucket, which is made where there is none.</summary>
    internal BucketSeries Add(long start, WindowTotals delta)
    {
        if (_packed is null) return Of([new(start, delta)]);
        var reader = Begin(out var count);
        reader.Next();
        if (start < reader.Start) return AddWithin(start, delta);
        var totals = start == reader.Start ? reader.Totals.Plus(delta) : delta;
        if (totals == default && start == reader.Start) return AddWithin(start, delta);

        var packing = new PackedWriter(stackalloc byte[512]);
        packing.Fixed(AgesOf(Buckets.IsDay(start) ? AgesAt : Math.Min(AgesAt, start + Buckets.HourlyHours)));
        packing.Unsigned((ulong)(start == reader.Start ? count : count + 1));
        packing.Signed(start);
        packing.Totals(totals);
        if (start > reader.Start)
        {
            packing.Unsigned((ulong)(start - reader.Start));
            packing.Totals(reader.Totals);
        }

        packing.Bytes(reader.Rest);
        return new(packing.Finish());
    }

    /// <summary>Reads the newest first.</summary>
    internal Reader NewestFirst() => _packed is null ? default : Begin(out _);

    /// <summary>Unpacks them, the oldest first.</summary>
    public void CopyTo(Span<Bucket> buckets)
    {
        var reader = NewestFirst();
        for (var i = Length - 1; reader.Next(); i--) buckets[i] = new(reader.Start, reader.Totals);
    }

    public Bucket[] ToArray()
    {
        var buckets = new Bucket[Length];
        CopyTo(buckets);
        return buckets;
    }

    public bool Equals(BucketSeries other) => _packed.AsSpan().SequenceEqual(other._packed);

    public override bool Equals(object? obj) => obj is BucketSeries other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Length, AgesAt);

    public static bool operator ==(BucketSeries left, BucketSeries right) => left.Equals(right);

    public static bool operator !=(BucketSeries left, BucketSeries right) => !left.Equals(right);

    public IEnumerator<Bucket> GetEnumerator() => ((IEnumerable<Bucket>)ToArray()).GetEnumerator();

    /// <summary>A late event, or one that leaves nothing: rare enough to unpack.</summary>
    private BucketSeries AddWithin(long start, WindowTotals delta)
    {
        var length = Length;
        var rented = ArrayPool<Bucket>.Shared.Rent(length + 1);
        try
        {
            CopyTo(rented);
            var index = length;
            while (index > 0 && rented[index - 1].Start > start) index--;
            if (index == 0 || rented[index - 1].Start != start)
            {
                rented.AsSpan(index, length - index).CopyTo(rented.AsSpan(index + 1));
                rented[index] = new(start, delta);
                return Of(rented.AsSpan(0, length + 1));
            }

            var totals = rented[index - 1].Totals.Plus(delta);
            rented[index - 1] = new(start, totals);
            if (totals != default) return Of(rented.AsSpan(0, length));
            rented.AsSpan(index, length - index).CopyTo(rented.AsSpan(index - 1));
            return Of(rented.AsSpan(0, length - 1));
        }
        finally
        {
            ArrayPool<Bucket>.Shared.Return(rented);
        }
    }

    private Reader Begin(out int count)
    {
        var reader = new PackedReader(_packed.AsSpan(AgesSize));
        count = (int)reader.Unsigned();
        return new(reader, count);
    }

    private static int AgesOf(long hour) => (int)Math.Clamp(hour, int.MinValue, int.MaxValue);

    /// <summary>Reads buckets, the newest first.</summary>
    internal ref struct Reader
    {
        private PackedReader _rest;
        private readonly int _count;
        private int _read;
        private Columns _columns;

        internal Reader(PackedReader rest, int count)
        {
            _rest = rest;
            _count = count;
        }

        public long Start { get; private set; }

        public readonly WindowTotals Totals => new(
            _columns[0], _columns[1], _columns[2], _columns[3], _columns[4], _columns[5], _columns[6], _columns[7]);

        internal readonly ReadOnlySpan<byte> Rest => _rest.Rest;

        /// <summary>One total, by its place in <see cref="WindowTotals"/>.</summary>
        public readonly long Column(int index) => _columns[index];

        public bool Next()
        {
            if (_read == _count) return false;
            Start = _read == 0 ? _rest.Signed() : Start - (long)_rest.Unsigned();
            _read++;
            _columns = default;
            for (var bits = (uint)_rest.Byte(); bits != 0; bits &= bits - 1)
                _columns[BitOperations.TrailingZeroCount(bits)] = _rest.Signed();
            return true;
        }
    }

    [InlineArray(8)]
    private struct Columns
    {
        private long _first;
    }
}
