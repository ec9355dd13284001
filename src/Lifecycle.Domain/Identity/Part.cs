using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Identity;

/// <summary>
/// What one id brings to a customer or takes away again: everything of a state that can belong to somebody else.
/// Entries that orders and returns refer to by number alone are in the journal that the part comes from.
/// </summary>
public sealed record Part
{
    public static readonly Part Empty = new();

    public Balances Balances { get; init; }
    public long Debt { get; init; }
    public ImmutableArray<Lot> Lots { get; init; } = [];
    public ImmutableArray<PendingLot> Pending { get; init; } = [];
    public ImmutableArray<OpenOrder> OpenOrders { get; init; } = [];
    public ImmutableArray<AwaitedReturn> AwaitedReturns { get; init; } = [];
    public OrderMoments Moments { get; init; } = OrderMoments.None;
    public BucketSeries Buckets { get; init; }
    public WindowTotals Lifetime { get; init; }
    public long Referrals { get; init; }
    public long UnmatchedReturns { get; init; }
    public long UnmatchedReturnMinor { get; init; }

    /// <summary>The ids that come with it.</summary>
    public ImmutableArray<Member> Members { get; init; } = [];

    /// <summary>Customers that it was one with before.</summary>
    public ImmutableArray<Former> Formers { get; init; } = [];
}

/// <summary>An id that leads to a customer: an actor that only forwards.</summary>
/// <param name="Key">The id's key; also the name of its journal.</param>
/// <param name="Into">What it was merged into: the customer, or another member.</param>
/// <param name="Seq">The entry of its journal with which it left.</param>
/// <param name="Since">When it was merged.</param>
public readonly record struct Member(Hash16 Key, Hash16 Into, long Seq, Instant Since);

/// <summary>
/// A customer that was one with this one: its journal holds, up to an entry, inputs that are known here too.
/// </summary>
public readonly record struct Former(Hash16 Key, long Until);

/// <summary>An entry of another customer's journal.</summary>
public readonly record struct EntryRef(Hash16 Journal, long Seq);

/// <summary>The maxima of identity.</summary>
public static class IdentityLimits
{
    /// <summary>
    /// Ids that lead, or once led, to one customer. Each is asked for when an input may have come before.
    /// </summary>
    public const int IdsMax = 64;
}
