
namespace Lifecycle.Domain.Metrics;

/// <summary>The orders of two customers who are one.</summary>
public sealed partial record OrderMoments
{
    /// <summary>
    /// Exact while both keep all their orders one by one. What is older is known only in sum: where the two overlap
    /// the days are added, and the gaps spread over the time of both as they did over each.
    /// </summary>
    internal OrderMoments With(OrderMoments other)
    {
        if (other.Recent.IsEmpty && other.OldDays == 0) return this;
        if (Recent.IsEmpty && OldDays == 0) return other;
        var old = WithOld(other);
        var all = Recent.Concat(other.Recent).OrderBy(moment => moment.At).ThenBy(moment => moment.Day).ToList();
        if (old.OldDays > 0)
        {
            var buried = None;
            foreach (var moment in all.Where(moment => moment.At < old.OldLast.At)) buried = buried.Condense(moment);
            old = old.WithOld(buried);
            all.RemoveAll(moment => moment.At < old.OldLast.At);
        }

        var surplus = Math.Max(0, all.Count - MomentsMax);
        foreach (var moment in all.Take(surplus)) old = old.Condense(moment);
        return old with { Recent = [.. all.Skip(surplus)] };
    }

    /// <summary>Without orders that go to somebody else, as far as they are kept one by one.</summary>
    internal OrderMoments Without(OrderMoments other) =>
        other.Recent.Aggregate(this, (rest, moment) => rest.Remove(moment));

    /// <summary>The old days of both, with nothing recent.</summary>
    private OrderMoments WithOld(OrderMoments other)
    {
        if (OldDays == 0 || other.OldDays == 0) return (OldDays == 0 ? other : this) with { Recent = [] };
        var (first, second) = OldFirst <= other.OldFirst ? (this, other) : (other, this);
        var last = first.OldLast.At > second.OldLast.At ? first.OldLast : second.OldLast;
        var days = first.OldDays + second.OldDays;
        var apart = first.OldLast.At <= second.OldFirst;
        var squares = apart
            ? first.OldGapSquares + Square(second.OldFirst - first.OldLast.At) + second.OldGapSquares
            : Square(last.At - first.OldFirst) / (days - 1) * Unevenness(first, second);
        return new() { OldDays = days, OldFirst = first.OldFirst, OldLast = last, OldGapSquares = squares };
    }

    /// <summary>How much larger the mean square of the gaps is than the square of their mean: 1 when all are equal.</summary>
    private static double Unevenness(OrderMoments a, OrderMoments b)
    {
        var (sum, gaps) = (0.0, 0L);
        foreach (var each in new[] { a, b })
        {
            var span = Square(each.OldLast.At - each.OldFirst);
            if (span == 0) continue;
            var count = each.OldDays - 1;
            sum += each.OldGapSquares * count / span * count;
            gaps += count;
        }

        return gaps == 0 ? 1 : Math.Max(1, sum / gaps);
    }
}
