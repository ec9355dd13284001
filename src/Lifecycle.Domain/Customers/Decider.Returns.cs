using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Programs;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// Returns. One that names its order is matched to it; one that names only lines is matched by sku, newest order first;
/// what fits no order is flagged. Points go back as the recorded entry earned them, whatever today's rules say.
/// </summary>
public static partial class Decider
{
    private static Needs NeedsOfReturn(CustomerState state, Input.Event returned)
    {
        if (returned.Data.Text(EventSchema.OrderId) is { } id)
        {
            var key = OrderKey.Of(id);
            return state.FindOpenOrder(key) is var index and >= 0 &&
                   ReturnsOf(state.OpenOrders[index]) < OrderLimits.RecallMax
                ? new([.. SeqsOf(state.OpenOrders[index])], null)
                {
                    Elsewhere = [.. ElsewhereOf(state.OpenOrders[index])],
                }
                : NeedsOf(OldestAwaited(state)) with { Order = key };
        }

        var skus = new ReturnClaim(returned.Data).Skus.ToArray();
        var (seqs, elsewhere) = (new List<long>(), new List<EntryRef>());
        foreach (var order in Candidates(state, returned))
        {
            if (!skus.Any(sku => SkuFilter.MayContain(order.Skus, sku))) continue;
            if (seqs.Count + elsewhere.Count + 1 + ReturnsOf(order) > OrderLimits.RecallMax) break;
            seqs.AddRange(SeqsOf(order));
            elsewhere.AddRange(ElsewhereOf(order));
        }

        return new([.. seqs.Distinct()], null) { Elsewhere = [.. elsewhere.Distinct()] };
    }

    /// <summary>The return that would give its place to one more; nothing while there is room.</summary>
    private static IEnumerable<AwaitedReturn> OldestAwaited(CustomerState state) =>
        state.AwaitedReturns.Length < OrderLimits.ReturnsAwaitedMax ? [] : [state.AwaitedReturns[0]];

    private static Needs NeedsOf(IEnumerable<AwaitedReturn> returns)
    {
        var all = returns.ToLookup(waiting => waiting.Journal is null);
        return new([.. all[true].Select(waiting => waiting.Seq)], null)
        {
            Elsewhere = [.. all[false].Select(waiting => new EntryRef(waiting.Journal!.Value, waiting.Seq))],
        };
    }

    private static IEnumerable<long> SeqsOf(OpenOrder order) =>
        order.Journal is null ? order.ReturnSeqs.Prepend(order.Seq) : order.ReturnSeqs;

    private static IEnumerable<EntryRef> ElsewhereOf(OpenOrder order) =>
        order.Journal is { } journal ? order.ReturnsElsewhere.Prepend(new(journal, order.Seq)) : order.ReturnsElsewhere;

    private static int ReturnsOf(OpenOrder order) => order.ReturnSeqs.Length + order.ReturnsElsewhere.Length;

    private static IEnumerable<OpenOrder> Candidates(CustomerState state, Input.Event returned) =>
        state.OpenOrders.Reverse().Where(order =>
            !order.Whole && order.OccurredAt <= returned.OccurredAt && returned.OccurredAt <= order.OpenUntil);

    private static Decision.Refused? ReturnOrder(Turn turn, Input.Event returned, IReadOnlyList<Entry> recalled)
    {
        var claim = new ReturnClaim(returned.Data);
        turn.Emit(new Effect.ReturnCounted(returned.OccurredAt));
        if (returned.Data.Text(EventSchema.OrderId) is { } id)
        {
            var key = OrderKey.Of(id);
            if (OrderOnFile.Find(key, recalled) is { } named)
            {
                MatchNamed(turn, named, claim);
            }
            else
            {
                GiveUpOldest(turn, recalled);
                turn.Emit(new Effect.ReturnAwaited(key));
                return null;
            }
        }
        else if (claim.HasItems)
        {
            foreach (var candidate in Candidates(turn.State, returned))
            {
                if (claim.UnitsLeft == 0) break;
                if (OrderOnFile.Find(candidate.Key, recalled) is { } order) MatchLines(turn, order, claim);
            }
        }

        FlagRest(turn, claim);
        return null;
    }

    /// <summary>
    /// Of a claim that names the order also what it says as money fits, and all of it if the order has no lines.
    /// </summary>
    private static void MatchNamed(Turn turn, OrderOnFile order, ReturnClaim claim)
    {
        if (order.Whole) return;
        if (order.Items.IsEmpty) claim.Liquidate();
        MatchLines(turn, order, claim);
        if (order.Whole) return;
        var amount = claim.TakeMoney(order.Placed.GrossMinor - order.ReturnedGrossMinor);
        if (amount > 0) TakeBack(turn, order, order.Return([], amount));
    }

    private static void MatchLines(Turn turn, OrderOnFile order, ReturnClaim claim)
    {
        var lines = ImmutableArray.CreateBuilder<ReturnedLine>();
        for (var i = 0; i < order.Items.Length; i++)
        {
            var pieces = order.Items[i].Sku.Length == 0 ? 0 : claim.Take(order.Items[i].Sku, order.PiecesLeft(i));
            if (pieces > 0) lines.Add(order.Line(i, pieces));
        }

        if (lines.Count > 0) TakeBack(turn, order, order.Return(lines.DrainToImmutable(), 0));
    }

    /// <summary>Counts what came back, and takes back what that part of the order earned.</summary>
    private static void TakeBack(Turn turn, OrderOnFile order, Effect.ReturnMatched returned)
    {
        var points = order.PointsOf(returned);
        order.Count(returned);
        turn.Emit(returned);
        Reverse(turn, order, points);
    }

    /// <summary>
    /// From the order's own lot: waiting, left, expired; then as the program says for spent points. A lot that expired
    /// and is no longer on file counts as expired, not as spent: nobody loses points twice. An empty one is no longer
    /// on file, also where the very entry emptied it: two returns in one entry take what they take in two.
    /// </summary>
    private static void Reverse(Turn turn, OrderOnFile order, long points)
    {
        var (key, dates) = (order.Placed.Order, order.Lot);
        From(Account.Pending, Lots.PendingOf(turn.State.Pending, dates), dates);
        if (points > 0 && Lots.Find(turn.State.Lots, dates.ExpiresAt) is var index and >= 0 &&
            turn.State.Lots[index] is { Remaining: > 0 } or { Expired: > 0 })
        {
            var lot = turn.State.Lots[index];
            From(Account.Available, lot.Remaining, dates);
            From(Account.Expired, lot.Expired, dates);
        }
        else if (dates.ExpiresAt <= turn.At)
        {
            From(Account.Expired, turn.State.Balances.Of(Account.Expired), dates);
        }

        var others = Math.Min(points, Math.Max(0, turn.State.Balances.Of(Account.Available)));
        if (others > 0) Spend(turn, others, Account.Reversed, Causes.Returned, "", key);
        points -= others;
        if (turn.Program.Points.WhenSpent == WhenSpent.Negative) From(Account.Available, points, LotDates.Debt);

        void From(Account account, long have, LotDates lot)
        {
            var taken = Math.Min(points, have);
            if (taken <= 0) return;
            turn.Emit(new Effect.PointsMoved(account, Account.Reversed, taken, lot, Causes.Returned, "", key));
            points -= taken;
        }
    }

    /// <summary>
    /// Orders that never come (test orders, another shop's) would hold their places for ever: when all are taken, the
    /// return that waited longest is counted as unmatched.
    /// </summary>
    private static void GiveUpOldest(Turn turn, IReadOnlyList<Entry> recalled)
    {
        if (turn.State.AwaitedReturns.Length < OrderLimits.ReturnsAwaitedMax) return;
        var oldest = turn.State.AwaitedReturns[0];
        turn.Emit(new Effect.ReturnReleased(oldest.Order, oldest.Seq));
        if (TakeReturn(oldest, [.. recalled]) is { } returned)
            FlagRest(turn, new ReturnClaim(returned.Data));
    }

    private static void FlagRest(Turn turn, ReturnClaim claim)
    {
        if (claim.AmountLeft > 0 || claim.UnitsLeft > 0)
            turn.Emit(new Effect.ReturnUnmatched(claim.AmountLeft, claim.UnitsLeft));
    }
}
