using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Metrics;

/// <summary>When a valid order was placed, and its local day.</summary>
public readonly record struct OrderMoment(Instant At, int Day);

/// <summary>
/// The valid orders of a customer in time order, and the gaps between their order-days. The newest
/// <see cref="MomentsMax"/> orders are kept one by one; of older ones only their count and gaps remain: a full return
/// no longer takes such an order out, and an order that comes later still but is older than all of these is not added.
/// </summary>
public sealed partial record OrderMoments
{
    /// <summary>Orders kept one by one.</summary>
    public const int MomentsMax = 128;

    public static readonly OrderMoments None = new();

    public ImmutableArray<OrderMoment> Recent { get; init; } = [];

    /// <summary>
    /// The order-days older than <see cref="Recent"/>, and the first moments of their first and last day.
    /// </summary>
    public long OldDays { get => _old.Days; init => _old = _old with { Days = value }; }
    public Instant OldFirst { get => _old.First; init => _old = _old with { First = value }; }
    public OrderMoment OldLast { get => _old.Last; init => _old = _old with { Last = value }; }

    /// <summary>Sum of squares of the gaps between the old days, in days².</summary>
    public double OldGapSquares { get => _old.GapSquares; init => _old = _old with { GapSquares = value }; }

    private readonly OldDaysSum _old = OldDaysSum.None;

    public OrderMoments()
    {
    }

    private OrderMoments(ImmutableArray<OrderMoment> recent, OldDaysSum old) => (Recent, _old) = (recent, old);

    /// <summary>What was kept of a customer; see the members.</summary>
    public static OrderMoments Of(
        ImmutableArray<OrderMoment> recent, long oldDays, Instant oldFirst, OrderMoment oldLast, double oldGapSquares) =>
        new(recent, new OldDaysSum(oldDays, oldFirst, oldLast, oldGapSquares) is var old && old == OldDaysSum.None
            ? OldDaysSum.None
            : old);

    public Instant? First => OldDays > 0 ? OldFirst : Recent.IsEmpty ? null : Recent[0].At;

    public Instant? Last => Recent.IsEmpty ? (OldDays > 0 ? OldLast.At : null) : Recent[^1].At;

    public int LastDay => Recent.IsEmpty ? OldLast.Day : Recent[^1].Day;

    /// <summary>Whole days since the last order; null before the first.</summary>
    public long? RecencyDays(Instant at) =>
        Last is { } last ? Math.Max(0, (at - last) / Instant.MicrosPerDay) : null;

    /// <summary>The last order plus the mean gap, rounded up to the hour; null below one gap.</summary>
    public Instant? NextExpected(GapStatistics gaps) =>
        gaps.MeanDays is { } gap && Last is { } last
            ? last.Plus(TimeSpan.FromHours(Math.Ceiling(gap * 24)))
            : null;

    internal OrderMoments Add(OrderMoment moment)
    {
        if (OldDays > 0 && moment.At < OldLast.At) return this;
        var index = Recent.Length;
        while (index > 0 && Recent[index - 1].At > moment.At) index--;
        if (Recent.Length < MomentsMax) return this with { Recent = Recent.Insert(index, moment) };
        if (index == 0) return Condense(moment);
        // The oldest makes room for it.
        var recent = new OrderMoment[MomentsMax];
        Recent.AsSpan()[1..index].CopyTo(recent);
        recent[index - 1] = moment;
        Recent.AsSpan()[index..].CopyTo(recent.AsSpan(index));
        return Condense(Recent[0]) with { Recent = ImmutableCollectionsMarshal.AsImmutableArray(recent) };
    }

    internal OrderMoments Remove(OrderMoment moment) => this with { Recent = Recent.Remove(moment) };

    /// <summary>Gaps between the first orders of successive order-days.</summary>
    public GapStatistics Gaps()
    {
        var days = OldDays;
        var squares = OldGapSquares;
        var first = OldDays > 0 ? OldFirst : default;
        var last = OldLast;
        foreach (var moment in Recent)
        {
            if (days > 0 && moment.Day == last.Day) continue;
            if (days == 0) first = moment.At;
            else squares += Square(moment.At - last.At);
            last = moment;
            days++;
        }

        return new(days, days > 0 ? (last.At - first) / (double)Instant.MicrosPerDay : 0, squares);
    }

    /// <summary>With one more among the old.</summary>
    private OrderMoments Condense(OrderMoment oldest)
    {
        if (OldDays == 0) return new(Recent, new(1, oldest.At, oldest, 0));
        if (oldest.Day == OldLast.Day) return this;
        return new(Recent, new(
            OldDays + 1, OldFirst, oldest, OldGapSquares + Square(oldest.At - OldLast.At)));
    }

    // A product, not a power: it is exact to the last bit on every machine.
    private static double Square(long micros)
    {
        var days = micros / (double)Instant.MicrosPerDay;
        return days * days;
    }

    /// <summary>Few customers have any: the others share the one of none.</summary>
    private sealed record OldDaysSum(long Days, Instant First, OrderMoment Last, double GapSquares)
    {
        public static readonly OldDaysSum None = new(0, default, default, 0);
    }
}

/// <summary>The completed gaps between order-days.</summary>
/// <param name="OrderDays">Days with a valid order.</param>
/// <param name="SumDays">All gaps together, in days.</param>
/// <param name="SquareDays">The sum of their squares, in days².</param>
public readonly record struct GapStatistics(long OrderDays, double SumDays, double SquareDays)
{
    public long Count => Math.Max(0, OrderDays - 1);

    public double? MeanDays => Count == 0 ? null : SumDays / Count;

    /// <summary>Population standard deviation, in days.</summary>
    public double? SpreadDays =>
        MeanDays is { } mean ? Math.Sqrt(Math.Max(0, SquareDays / Count - mean * mean)) : null;
}
