using System.Collections.Immutable;
using System.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Orders;

/// <summary>What a state keeps of an order while it may be returned.</summary>
public sealed record OpenOrder
{
    public required OrderKey Key { get; init; }

    /// <summary>The entry that placed it.</summary>
    public required long Seq { get; init; }
    public required Instant OccurredAt { get; init; }
    public required int Day { get; init; }
    public required long GrossMinor { get; init; }
    public required long NetMinor { get; init; }
    public required long Units { get; init; }

    /// <summary>It is a valid order for metrics.</summary>
    public required bool Counts { get; init; }
    public required Instant OpenUntil { get; init; }
    public required UInt128 Skus { get; init; }

    /// <summary>What its entry earned, and the dates of that lot.</summary>
    public long Earned { get => _earned; init => _earned = value; }
    public LotDates Lot { get => _lot; init => _lot = value; }

    public long ReturnedGrossMinor { get => _later.GrossMinor; init => _later = _later with { GrossMinor = value }; }
    public long ReturnedNetMinor { get => _later.NetMinor; init => _later = _later with { NetMinor = value }; }
    public long ReturnedUnits { get => _later.Units; init => _later = _later with { Units = value }; }

    /// <summary>Nothing of it is left to return.</summary>
    public bool Whole { get => _later.Whole; init => _later = _later with { Whole = value }; }

    /// <summary>The later entries that returned parts of it; full, it is not all of them.</summary>
    public ImmutableArray<long> ReturnSeqs { get => _later.Seqs; init => _later = _later with { Seqs = value }; }

    /// <summary>The journal that <see cref="Seq"/> is of, when it came with another id; null for the own.</summary>
    public Hash16? Journal { get => _later.Journal; init => _later = _later with { Journal = value }; }

    /// <summary>Returns of it that are in other journals.</summary>
    public ImmutableArray<EntryRef> ReturnsElsewhere
    {
        get => _later.Elsewhere;
        init => _later = _later with { Elsewhere = value };
    }

    private readonly Later _later = Later.None;
    private long _earned;
    private LotDates _lot;

    /// <summary>Only of an order that nobody else holds yet.</summary>
    internal void Earn(long points, LotDates lot)
    {
        _earned += points;
        _lot = lot;
    }

    /// <summary>What becomes of few orders: most share the one in which nothing happened.</summary>
    private sealed record Later(
        long GrossMinor, long NetMinor, long Units, bool Whole, ImmutableArray<long> Seqs, Hash16? Journal,
        ImmutableArray<EntryRef> Elsewhere)
    {
        public static readonly Later None = new(0, 0, 0, false, [], null, []);
    }
}

/// <summary>A return that came before its order.</summary>
/// <param name="Order">The order that it names.</param>
/// <param name="Seq">The return's entry.</param>
/// <param name="Journal">The journal of that entry, when it came with another id; null for the own.</param>
public readonly record struct AwaitedReturn(OrderKey Order, long Seq, Hash16? Journal = null);

/// <summary>The maxima of what a state keeps of orders.</summary>
public static class OrderLimits
{
    /// <summary>Orders that may still be returned without a look into the journal.</summary>
    public const int OrdersOpenMax = 256;

    /// <summary>Returns that wait for their order; with one more the oldest is counted as unmatched.</summary>
    public const int ReturnsAwaitedMax = 64;

    /// <summary>Older entries that one decision may see.</summary>
    public const int RecallMax = 64;
}

/// <summary>
/// A Bloom filter of 128 bits with two hash functions: 40 skus give one order in five recalled in vain.
/// </summary>
public static class SkuFilter
{
    public static UInt128 Of(ImmutableArray<OrderItem> items)
    {
        var filter = UInt128.Zero;
        foreach (var item in items) filter |= Bits(item.Sku);
        return filter;
    }

    public static bool MayContain(UInt128 filter, string sku) => Bits(sku) is var bits && (filter & bits) == bits;

    /// <summary>
    /// FNV-1a (Fowler, Noll and Vo): the same on every machine and in every version, as stored filters must be.
    /// </summary>
    private static UInt128 Bits(string sku)
    {
        var hash = 14_695_981_039_346_656_037UL;
        if (Ascii.IsValid(sku))
            foreach (var c in sku) hash = (hash ^ c) * 1_099_511_628_211UL;
        else
            foreach (var b in Encoding.UTF8.GetBytes(sku)) hash = (hash ^ b) * 1_099_511_628_211UL;
        hash ^= hash >> 29;
        return (UInt128.One << (int)(hash & 127)) | (UInt128.One << (int)((hash >> 32) & 127));
    }
}
