using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>Earning, spending, adjusting, expiring.</summary>
public static partial class Decider
{
    private static Decision.Refused? Redeem(Turn turn, Input.RedeemPoints redeem)
    {
        if (redeem.Points is <= 0 or > InputLimits.AmountMax)
            return new(RefusalCodes.InvalidPoints, $"Redeem between 1 and {InputLimits.AmountMax} points.");
        if (Short(turn, redeem.Points) is { } refused) return refused;
        Spend(turn, redeem.Points, Account.Redeemed, Causes.Redeemed, redeem.Reference ?? "", order: null);
        return null;
    }

    private static Decision.Refused? Adjust(Turn turn, Input.AdjustPoints adjust)
    {
        if (string.IsNullOrWhiteSpace(adjust.Reason))
            return new(RefusalCodes.ReasonRequired, "Give the reason code of the adjustment in 'reason'.");
        if (adjust.Points is 0 or < -InputLimits.AmountMax or > InputLimits.AmountMax)
            return new(RefusalCodes.InvalidPoints,
                $"Adjust by at least one point and at most {InputLimits.AmountMax}, up or down.");
        if (adjust.Points < 0)
        {
            if (Short(turn, -adjust.Points) is { } refused) return refused;
            Spend(turn, -adjust.Points, Account.Adjusted, Causes.Adjusted, adjust.Reason, order: null);
            return null;
        }

        var dates = Fit(turn, new(turn.At, ExpiryDates.Of(turn.Program, turn.At)));
        turn.Emit(new Effect.PointsMoved(
            Account.Adjusted, Account.Available, adjust.Points, dates, Causes.Adjusted, adjust.Reason, null));
        SettleDebt(turn);
        return null;
    }

    private static Decision.Refused? Short(Turn turn, long points)
    {
        var available = turn.State.Balances.Of(Account.Available);
        return points <= available
            ? null
            : new(RefusalCodes.InsufficientPoints, $"{points} points are wanted and {available} are available.");
    }

    /// <summary>Issues points with the dates of when they were earned; a late lot may be expired on arrival.</summary>
    private static void Earn(Turn turn, ImmutableArray<EarnedPoints> earned, Instant occurredAt, OrderKey? order)
    {
        if (earned.IsEmpty) return;
        var availableAt = occurredAt.Plus(turn.Program.Points.Pending);
        var expiresAt = Instant.Max(availableAt, ExpiryDates.Of(turn.Program, occurredAt));
        var dates = Fit(turn, new(availableAt, expiresAt));
        var pending = dates.AvailableAt > turn.At;
        foreach (var (rule, points) in earned)
            turn.Emit(new Effect.PointsMoved(
                Account.Issued, pending ? Account.Pending : Account.Available, points, dates, Causes.Earned, rule,
                order));
        if (pending) return;
        Expire(turn);
        SettleDebt(turn);
    }

    /// <summary>The dates themselves; coarser ones in the customer's favour when the state is full of lots.</summary>
    private static LotDates Fit(Turn turn, LotDates dates)
    {
        dates = dates with { ExpiresAt = FitExpiry(turn.State.Lots, dates.ExpiresAt) };
        var waiting = turn.State.Pending;
        return dates.AvailableAt <= turn.At || waiting.Length < PointsLimits.PendingLotsMax ||
               Lots.PendingOf(waiting, dates) > 0
            ? dates
            : new(dates.AvailableAt.StartOfDay(), Lots.Coarse(dates.ExpiresAt));
    }

    private static Instant FitExpiry(ImmutableArray<Lot> lots, Instant expiresAt)
    {
        if (lots.Length < PointsLimits.LotsMax) return expiresAt;
        var index = Lots.Find(lots, expiresAt);
        if (index < 0) index = ~index;
        return index < lots.Length ? lots[index].ExpiresAt : Lots.Coarse(expiresAt);
    }

    /// <summary>Takes points from the lots, soonest expiry first; the caller knows that there are enough.</summary>
    private static void Spend(Turn turn, long points, Account credit, string cause, string rule, OrderKey? order)
    {
        foreach (var lot in turn.State.Lots)
        {
            var taken = Math.Min(points, lot.Remaining);
            if (taken == 0) continue;
            turn.Emit(new Effect.PointsMoved(
                Account.Available, credit, taken, new(lot.EarnedAt, lot.ExpiresAt), cause, rule, order));
            points -= taken;
            if (points == 0) return;
        }
    }

    private static void SettleDebt(Turn turn)
    {
        foreach (var lot in turn.State.Lots)
        {
            var points = Math.Min(turn.State.Debt, lot.Remaining);
            if (points == 0) continue;
            turn.Emit(new Effect.PointsMoved(
                Account.Available, Account.Available, points, new(lot.EarnedAt, lot.ExpiresAt), Causes.DebtSettled, "",
                null));
        }
    }

    private static void Expire(Turn turn)
    {
        foreach (var lot in turn.State.Lots)
        {
            if (lot.ExpiresAt > turn.At) break;
            if (lot.Remaining == 0) continue;
            turn.Emit(new Effect.PointsMoved(
                Account.Available, Account.Expired, lot.Remaining, new(lot.EarnedAt, lot.ExpiresAt), Causes.Expired, "",
                null));
        }
    }
}
