using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// Everything that decisions about one customer build on: the fold of their entries. Immutable to all but
/// <see cref="Evolver"/>, which changes only copies of its own. About a kilobyte for a shopper of some years.
/// </summary>
public sealed class CustomerState
{
    /// <summary>Before the first entry.</summary>
    public static readonly CustomerState Empty = new();

    /// <summary>The last entry's number; 0 before the first.</summary>
    public long Seq { get; internal set; }

    /// <summary>The instant the last entry was decided for.</summary>
    public Instant At { get; internal set; } = Instant.Earliest;

    /// <summary>
    /// When points or stage change next if nothing comes in, as the last entry computed it under its program.
    /// <see cref="Programs.ProgramSchedule.DueAt"/> also knows when another program takes over.
    /// </summary>
    public Instant DueAt { get; internal set; } = Instant.Never;

    internal Balances BalancesField;

    public Balances Balances => BalancesField;

    /// <summary>Points that can be spent, by expiry.</summary>
    public ImmutableArray<Lot> Lots { get; internal set; } = [];

    /// <summary>Points that have not matured, by maturity.</summary>
    public ImmutableArray<PendingLot> Pending { get; internal set; } = [];

    /// <summary>Points owed: how far the balance is below zero. While there is debt no lot has anything left.</summary>
    public long Debt
    {
        get => _rare.Debt;
        internal set => _rare = value == _rare.Debt ? _rare : _rare with { Debt = value };
    }

    /// <summary>By the time they were placed.</summary>
    public ImmutableArray<OpenOrder> OpenOrders { get; internal set; } = [];

    public ImmutableArray<AwaitedReturn> AwaitedReturns
    {
        get => _rare.AwaitedReturns;
        internal set => _rare = Same(value, _rare.AwaitedReturns) ? _rare : _rare with { AwaitedReturns = value };
    }

    public OrderMoments Moments { get; internal set; } = OrderMoments.None;

    /// <summary>Derived from <see cref="Moments"/>.</summary>
    public GapStatistics Gaps { get; internal set; }

    public BucketSeries Buckets { get; internal set; }

    public WindowTotals Lifetime { get; internal set; }

    public long Referrals
    {
        get => _rare.Referrals;
        internal set => _rare = value == _rare.Referrals ? _rare : _rare with { Referrals = value };
    }

    public long UnmatchedReturns
    {
        get => _rare.UnmatchedReturns;
        internal set => _rare = value == _rare.UnmatchedReturns ? _rare : _rare with { UnmatchedReturns = value };
    }

    public long UnmatchedReturnMinor
    {
        get => _rare.UnmatchedReturnMinor;
        internal set => _rare = value == _rare.UnmatchedReturnMinor ? _rare : _rare with { UnmatchedReturnMinor = value };
    }

    /// <summary>Empty before the first entry.</summary>
    public string Stage { get; internal set; } = "";

    public StageRole StageRole { get; internal set; }

    public Instant StageSince { get; internal set; } = Instant.Earliest;

    public string StageReason { get; internal set; } = "";

    /// <summary>The local day of the last order when the stage was entered.</summary>
    public int StageOrderDay { get; internal set; }

    /// <summary>The ids that lead here.</summary>
    public ImmutableArray<Member> Members
    {
        get => _rare.Members;
        internal set => _rare = Same(value, _rare.Members) ? _rare : _rare with { Members = value };
    }

    /// <summary>Customers that this one was one with.</summary>
    public ImmutableArray<Former> Formers
    {
        get => _rare.Formers;
        internal set => _rare = Same(value, _rare.Formers) ? _rare : _rare with { Formers = value };
    }

    /// <summary>The customer that this id leads to; null for one of its own. Then there is nothing else here.</summary>
    public Hash16? MergedInto
    {
        get => _rare.MergedInto;
        internal set => _rare = value == _rare.MergedInto ? _rare : _rare with { MergedInto = value };
    }

    /// <summary>
    /// The entry whose other half is not known to be in the other journal yet; 0 for none. No part of
    /// <see cref="DueAt"/>: it is the host that has to do something, and no tick.
    /// </summary>
    public long Errand
    {
        get => _rare.Errand;
        internal set => _rare = value == _rare.Errand ? _rare : _rare with { Errand = value };
    }

    /// <summary>The latest time at which an input that was taken says that it happened.</summary>
    public Instant SeenUntil { get; internal set; } = Instant.Earliest;

    private Rare _rare = Rare.None;

    private static bool Same<T>(ImmutableArray<T> one, ImmutableArray<T> other) =>
        one == other || (one.IsEmpty && other.IsEmpty);

    internal CustomerState Copy() => (CustomerState)MemberwiseClone();

    /// <summary>The index in <see cref="OpenOrders"/>, or −1.</summary>
    internal int FindOpenOrder(OrderKey key)
    {
        for (var i = OpenOrders.Length - 1; i >= 0; i--)
            if (OpenOrders[i].Key == key) return i;
        return -1;
    }

    /// <summary>What few customers have: the others share the one of nothing.</summary>
    private sealed record Rare
    {
        public static readonly Rare None = new();

        public long Debt { get; init; }
        public ImmutableArray<AwaitedReturn> AwaitedReturns { get; init; } = [];
        public long Referrals { get; init; }
        public long UnmatchedReturns { get; init; }
        public long UnmatchedReturnMinor { get; init; }
        public ImmutableArray<Member> Members { get; init; } = [];
        public ImmutableArray<Former> Formers { get; init; } = [];
        public Hash16? MergedInto { get; init; }
        public long Errand { get; init; }
    }
}
