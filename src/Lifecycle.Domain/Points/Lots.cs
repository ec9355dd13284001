using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Points;

/// <summary>Points that can be spent, all with one expiry. Lots with equal expiry are one.</summary>
/// <param name="ExpiresAt">When what remains expires.</param>
/// <param name="EarnedAt">The earliest earning in it.</param>
/// <param name="Remaining">What can still be spent.</param>
/// <param name="Expired">
/// What expired: kept while an order that earned into it may still be returned, so that points gone by expiry are not
/// taken a second time.
/// </param>
public readonly record struct Lot(Instant ExpiresAt, Instant EarnedAt, long Remaining, long Expired);

/// <summary>Points that have not matured.</summary>
public readonly record struct PendingLot(LotDates Dates, Instant EarnedAt, long Points);

/// <summary>The maxima of what a state keeps of points.</summary>
public static class PointsLimits
{
    /// <summary>
    /// Lots with different expiry. With rounding to days two years make 732; past the maximum an earning joins the next
    /// lot that expires later or, if there is none, expires at the end of a stretch of
    /// <see cref="CoarseExpiryDays"/>: both
    /// in the customer's favour. What is pending then and the few stretches come on top.
    /// </summary>
    public const int LotsMax = 1_024;

    public const int CoarseExpiryDays = 30;

    /// <summary>
    /// Lots that wait, one for each earning within the program's pending time. Past it an earning matures at the start
    /// of its UTC day, less than 24 hours early, and expires at the end of a stretch of
    /// <see cref="CoarseExpiryDays"/>: both in the customer's favour. One such lot for each day of the pending time
    /// comes on top.
    /// </summary>
    public const int PendingLotsMax = 256;
}

/// <summary>Operations on the sorted arrays of lots. None changes its argument.</summary>
internal static class Lots
{
    /// <summary>Adds to what remains or what expired of the lot with this expiry, making it where needed.</summary>
    public static ImmutableArray<Lot> Add(
        ImmutableArray<Lot> lots, Instant expiresAt, Instant earnedAt, long remaining, long expired)
    {
        var index = Find(lots, expiresAt);
        if (index < 0) return lots.Insert(~index, new(expiresAt, earnedAt, remaining, expired));
        var lot = lots[index];
        return lots.SetItem(index, lot with
        {
            EarnedAt = Instant.Min(lot.EarnedAt, earnedAt),
            Remaining = lot.Remaining + remaining,
            Expired = lot.Expired + expired,
        });
    }

    public static ImmutableArray<PendingLot> Add(
        ImmutableArray<PendingLot> lots, LotDates dates, Instant earnedAt, long points)
    {
        var index = 0;
        while (index < lots.Length && Before(lots[index].Dates, dates)) index++;
        if (index == lots.Length || lots[index].Dates != dates)
            return points == 0 ? lots : lots.Insert(index, new(dates, earnedAt, points));
        var left = lots[index].Points + points;
        return left == 0
            ? lots.RemoveAt(index)
            : lots.SetItem(index, lots[index] with
            {
                Points = left, EarnedAt = Instant.Min(lots[index].EarnedAt, earnedAt),
            });
    }

    /// <summary>
    /// Pays what is owed, and lots below zero, from the lots that expire soonest; what cannot be paid is debt. What is
    /// left of a lot that has expired meanwhile goes to the next one: in the customer's favour. The total stays.
    /// </summary>
    public static (ImmutableArray<Lot> Lots, long Debt) Even(ImmutableArray<Lot> lots, long debt, Instant at)
    {
        debt -= lots.Sum(lot => Math.Min(0, lot.Remaining));
        var even = ImmutableArray.CreateBuilder<Lot>(lots.Length + 1);
        var late = Math.Max(0, -debt);
        debt = Math.Max(0, debt);
        foreach (var lot in lots)
        {
            var have = Math.Max(0, lot.Remaining);
            var paid = Math.Min(debt, have);
            debt -= paid;
            if (lot.ExpiresAt <= at) late += have - paid;
            var left = lot.ExpiresAt <= at ? 0 : have - paid;
            if (left > 0 || lot.Expired > 0) even.Add(lot with { Remaining = left, Expired = Math.Max(0, lot.Expired) });
        }

        // A debt that is left has used up every lot.
        if (late == 0) return (even.DrainToImmutable(), debt);
        var next = even.FirstOrDefault(lot => lot.ExpiresAt > at).ExpiresAt;
        if (next == default) next = Coarse(at.PlusDays(PointsLimits.CoarseExpiryDays));
        return (Add(even.DrainToImmutable(), next, at, late, 0), debt);
    }

    /// <summary>The end of the stretch of days that an expiry falls into.</summary>
    public static Instant Coarse(Instant expiresAt)
    {
        if (expiresAt == Instant.Never) return expiresAt;
        const long step = PointsLimits.CoarseExpiryDays * Instant.MicrosPerDay;
        return new((Math.DivRem(expiresAt.Micros, step).Quotient + 1) * step);
    }

    /// <summary>The index of the lot with this expiry, or the complement of where it would be.</summary>
    public static int Find(ImmutableArray<Lot> lots, Instant expiresAt)
    {
        int low = 0, high = lots.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = lots[middle].ExpiresAt.CompareTo(expiresAt);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }

    public static long PendingOf(ImmutableArray<PendingLot> lots, LotDates dates)
    {
        foreach (var lot in lots)
            if (lot.Dates == dates) return lot.Points;
        return 0;
    }

    private static bool Before(LotDates a, LotDates b) =>
        a.AvailableAt < b.AvailableAt || (a.AvailableAt == b.AvailableAt && a.ExpiresAt < b.ExpiresAt);
}
