using System.Collections.Immutable;
using System.Diagnostics;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;
using ActivityKind = Lifecycle.Domain.Metrics.ActivityKind;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// Folds entries into state. Pure and total: no clock, no program, no model; the entry's effects carry all it needs, so
/// a replay gives the same state byte for byte.
/// </summary>
public static class Evolver
{
    /// <summary>The state after one more entry. The argument is not changed.</summary>
    public static CustomerState Evolve(CustomerState state, Entry entry) => Evolve(state, EntryFold.Of(entry));

    /// <summary>The state after one more entry. The argument is not changed.</summary>
    public static CustomerState Evolve(CustomerState state, in EntryFold entry)
    {
        var next = Begin(state, entry.Seq, entry.At);
        foreach (var effect in entry.Effects) Apply(next, effect);
        Prune(next);
        Close(next, entry);
        return next;
    }

    /// <summary>
    /// The state with facts of a later entry, placed where they occurred and seen from an instant that is not before
    /// the state's own: see <see cref="LateFacts"/>.
    /// </summary>
    public static CustomerState Restate(CustomerState state, long seq, IEnumerable<Effect> facts, Instant instant)
    {
        CustomerState? next = null;
        foreach (var fact in facts) Apply(next ??= Begin(state, seq, instant), fact);
        return next ?? state;
    }

    /// <summary>A copy that stands at the next entry, before its effects.</summary>
    internal static CustomerState Begin(CustomerState state, long seq, Instant at)
    {
        var next = state.Copy();
        next.Seq = seq;
        next.At = at;
        next.Buckets = Buckets.Age(next.Buckets, at);
        return next;
    }

    /// <summary>Applies one effect to a state that nobody else holds.</summary>
    internal static void Apply(CustomerState state, Effect effect)
    {
        switch (effect)
        {
            case Effect.PointsMoved moved:
                Move(state, moved);
                break;
            case Effect.OrderCounted order:
                Open(state, order);
                break;
            case Effect.ReturnMatched matched:
                Return(state, matched);
                break;
            case Effect.ReturnCounted returned:
                Count(state, returned.OccurredAt, new() { Returns = 1 });
                break;
            case Effect.ReturnAwaited awaited:
                state.AwaitedReturns = state.AwaitedReturns.Add(new(awaited.Order, state.Seq));
                break;
            case Effect.ReturnReleased released:
                Release(state, released);
                break;
            case Effect.ReturnUnmatched unmatched:
                state.UnmatchedReturns++;
                state.UnmatchedReturnMinor += unmatched.AmountMinor;
                break;
            case Effect.ActivityCounted activity:
                Count(state, activity);
                break;
            case Effect.StageChanged changed:
                state.Stage = changed.To;
                state.StageRole = changed.Role;
                state.StageReason = changed.Reason;
                state.StageSince = state.At;
                state.StageOrderDay = state.Moments.LastDay;
                break;
            case Effect.Refused:
                break;
            case Effect.Left left:
                Parts.Leave(state, left);
                break;
            case Effect.Joined joined:
                Parts.Join(state, joined);
                break;
            case Effect.Split split:
                Parts.Split(state, split);
                break;
            case Effect.Rejoined rejoined:
                Parts.Rejoin(state, rejoined);
                break;
            case Effect.Settled settled:
                if (state.Errand == settled.Seq) state.Errand = 0;
                break;
            default:
                throw new UnreachableException($"Effect {effect.GetType().Name} has no fold.");
        }
    }

    /// <summary>Drops what no later decision can need.</summary>
    internal static void Prune(CustomerState state)
    {
        if (!state.OpenOrders.IsEmpty &&
            (state.OpenOrders.Length > OrderLimits.OrdersOpenMax || state.OpenOrders[0].OpenUntil < state.At))
        {
            var open = state.OpenOrders.RemoveAll(order => order.OpenUntil < state.At);
            var tooMany = open.Length - OrderLimits.OrdersOpenMax;
            state.OpenOrders = tooMany > 0 ? open.RemoveRange(0, tooMany) : open;
        }

        foreach (var lot in state.Lots)
        {
            if (lot.Remaining > 0 || Needed(state, lot)) continue;
            state.Lots = state.Lots.RemoveAll(l => l.Remaining == 0 && !Needed(state, l));
            break;
        }
    }

    /// <summary>What the entry says beside its effects.</summary>
    internal static void Close(CustomerState state, in EntryFold entry)
    {
        state.DueAt = entry.NextChangeAt;
        if (!entry.IsTick) state.SeenUntil = Instant.Max(state.SeenUntil, entry.OccurredAt);
    }

    private static bool Needed(CustomerState state, Lot lot)
    {
        if (lot.Expired == 0) return false;
        foreach (var order in state.OpenOrders)
            if (!order.Whole && order.Earned > 0 && order.Lot.ExpiresAt == lot.ExpiresAt) return true;
        return false;
    }

    private static void Move(CustomerState state, Effect.PointsMoved moved)
    {
        var (debit, credit, points, dates) = (moved.Debit, moved.Credit, moved.Points, moved.Lot);
        state.BalancesField.Move(debit, credit, points);
        var owed = dates == LotDates.Debt;
        var earnedAt = dates.AvailableAt;
        if (debit == Account.Available && credit == Account.Available) state.Debt -= points;
        if (debit == Account.Available && owed) state.Debt += points;
        else if (debit == Account.Available)
            state.Lots = Lots.Add(
                state.Lots, dates.ExpiresAt, earnedAt, -points, credit == Account.Expired ? points : 0);
        else if (debit == Account.Pending) state.Pending = Lots.Add(state.Pending, dates, state.At, -points);
        else if (debit == Account.Expired && Lots.Find(state.Lots, dates.ExpiresAt) >= 0)
            state.Lots = Lots.Add(state.Lots, dates.ExpiresAt, earnedAt, 0, -points);
        if (credit == Account.Pending) state.Pending = Lots.Add(state.Pending, dates, state.At, points);
        if (credit == Account.Available && debit != Account.Available)
            state.Lots = Lots.Add(state.Lots, dates.ExpiresAt, earnedAt, points, 0);
        if (moved is { Cause: Causes.Earned, Order: { } key } && state.FindOpenOrder(key) is var index and >= 0)
            Earn(state, index, points, dates);
    }

    private static void Earn(CustomerState state, int index, long points, LotDates dates)
    {
        var order = state.OpenOrders[index];
        // What this very entry placed nobody else holds yet.
        if (order.Seq != state.Seq || order.Journal is not null)
        {
            order = order with { };
            state.OpenOrders = state.OpenOrders.SetItem(index, order);
        }

        order.Earn(points, dates);
    }

    private static void Open(CustomerState state, Effect.OrderCounted order)
    {
        var index = state.OpenOrders.Length;
        while (index > 0 && state.OpenOrders[index - 1].OccurredAt > order.OccurredAt) index--;
        state.OpenOrders = state.OpenOrders.Insert(index, new OpenOrder
        {
            Key = order.Order, Seq = state.Seq, OccurredAt = order.OccurredAt, Day = order.Day,
            GrossMinor = order.GrossMinor, NetMinor = order.NetMinor, Units = order.Units, Counts = order.Counts,
            OpenUntil = order.OpenUntil, Skus = order.Skus,
        });
        if (!order.Counts) return;
        state.Moments = state.Moments.Add(new(order.OccurredAt, order.Day));
        state.Gaps = state.Moments.Gaps();
        Count(state, order.OccurredAt, new()
        {
            Orders = 1, SpendMinor = order.NetMinor, Units = order.Units, DiscountMinor = order.DiscountMinor,
        });
    }

    private static void Release(CustomerState state, Effect.ReturnReleased released)
    {
        for (var i = 0; i < state.AwaitedReturns.Length; i++)
        {
            if (state.AwaitedReturns[i].Order != released.Order || state.AwaitedReturns[i].Seq != released.ReturnSeq)
                continue;
            state.AwaitedReturns = state.AwaitedReturns.RemoveAt(i);
            return;
        }
    }

    private static void Return(CustomerState state, Effect.ReturnMatched matched)
    {
        if (state.FindOpenOrder(matched.Order) is var index and >= 0)
        {
            var order = state.OpenOrders[index];
            state.OpenOrders = state.OpenOrders.SetItem(index, order with
            {
                ReturnedGrossMinor = order.ReturnedGrossMinor + matched.GrossMinor,
                ReturnedNetMinor = order.ReturnedNetMinor + matched.NetMinor,
                ReturnedUnits = order.ReturnedUnits + matched.Units,
                Whole = matched.Whole,
                ReturnSeqs = WithReturn(order, state.Seq),
            });
        }

        if (!matched.Counts) return;
        if (matched.Whole)
        {
            state.Moments = state.Moments.Remove(new(matched.OrderOccurredAt, matched.Day));
            state.Gaps = state.Moments.Gaps();
        }

        Count(state, matched.OrderOccurredAt, new()
        {
            Orders = matched.Whole ? -1 : 0, SpendMinor = -matched.NetMinor, Units = -matched.Units,
            DiscountMinor = -matched.DiscountMinor,
        });
    }

    /// <summary>Past the maximum it stays full: then every entry of the order is recalled by its key.</summary>
    private static ImmutableArray<long> WithReturn(OpenOrder order, long seq) =>
        (seq == order.Seq && order.Journal is null) || order.ReturnSeqs.Length == OrderLimits.RecallMax ||
        order.ReturnSeqs.Contains(seq)
            ? order.ReturnSeqs
            : order.ReturnSeqs.Add(seq);

    private static void Count(CustomerState state, Effect.ActivityCounted activity)
    {
        if (activity.Kind == ActivityKind.Referral)
        {
            state.Referrals++;
            return;
        }

        Count(state, activity.OccurredAt, activity.Kind switch
        {
            ActivityKind.Visit => new() { Visits = 1 },
            ActivityKind.ProductView => new() { Views = 1 },
            ActivityKind.Search => new() { Searches = 1 },
            _ => throw new UnreachableException($"Activity {activity.Kind} has no window."),
        });
    }

    private static void Count(CustomerState state, Instant occurredAt, WindowTotals delta)
    {
        state.Lifetime = state.Lifetime.Plus(delta);
        state.Buckets = Buckets.Add(state.Buckets, occurredAt, state.At, delta);
    }
}
