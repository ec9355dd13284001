using System.Collections.Immutable;
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
    public long OldDays { get; init; }
    public Instant OldFirst { get; init; }
    public OrderMoment OldLast { get; init; }

    /// <summary>Sum of squares of the gaps between the old days, in days².</summary>
    public double OldGapSquares { get; init; }

    public Instant? First => OldDays > 0 ? OldFirst : Recent.IsEmpty ? null : Recent[0].At;

    public Instant? Last => Recent.IsEmpty ? (OldDays > 0 ? OldLast.At : null) : Recent[^1].At;

    public int LastDay => Recent.IsEmpty ? OldLast.Day : Recent[^1].Day;

    internal OrderMoments Add(OrderMoment moment)
    {
        if (OldDays > 0 && moment.At < OldLast.At) return this;
        var index = Recent.Length;
        while (index > 0 && Recent[index - 1].At > moment.At) index--;
        var added = this with { Recent = Recent.Insert(index, moment) };
        return added.Recent.Length > MomentsMax ? added.Condense() : added;
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

    private OrderMoments Condense()
    {
        var oldest = Recent[0];
        return (this with { Recent = Recent.RemoveAt(0) }).Condense(oldest);
    }

    private OrderMoments Condense(OrderMoment oldest)
    {
        var rest = this;
        if (OldDays == 0) return rest with { OldDays = 1, OldFirst = oldest.At, OldLast = oldest };
        if (oldest.Day == OldLast.Day) return rest;
        return rest with
        {
            OldDays = OldDays + 1, OldLast = oldest, OldGapSquares = OldGapSquares + Square(oldest.At - OldLast.At),
        };
    }

    // A product, not a power: it is exact to the last bit on every machine.
    private static double Square(long micros)
    {
        var days = micros / (double)Instant.MicrosPerDay;
        return days * days;
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
