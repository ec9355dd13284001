using System.Diagnostics;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Orders;

namespace Lifecycle.Domain.Customers;

/// <summary>Two ids become one customer, and two again: each half is decided on the journal that it is of.</summary>
public static partial class Decider
{
    /// <summary>
    /// What a decision needs besides, now that it has seen what <see cref="Needs"/> asked for: what arrives may hold
    /// the order that a return here waits for, or the other way round.
    /// </summary>
    public static Needs Further(CustomerState state, Input input, IReadOnlyList<Entry> recalled)
    {
        if (input is not Input.Join join || ArrivalOf(join, recalled) is not { } left) return Customers.Needs.Nothing;
        var part = Parts.Named(left.Part, join.From);
        var (seqs, elsewhere) = (new List<long>(), new List<EntryRef>());
        foreach (var waiting in state.AwaitedReturns.AddRange(part.AwaitedReturns))
        {
            var order = state.OpenOrders.Concat(part.OpenOrders).FirstOrDefault(open => open.Key == waiting.Order);
            if (order is null) continue;
            if (seqs.Count + elsewhere.Count + 2 + ReturnsOf(order) > OrderLimits.RecallMax) break;
            Add(waiting.Journal, waiting.Seq);
            seqs.AddRange(SeqsOf(order));
            elsewhere.AddRange(ElsewhereOf(order));
        }

        return new([.. seqs.Distinct()], null) { Elsewhere = [.. elsewhere.Distinct()] };

        void Add(Hash16? journal, long seq)
        {
            if (journal is { } other) elsewhere.Add(new(other, seq));
            else seqs.Add(seq);
        }
    }

    private static Needs NeedsOf(Hash16 journal, long seq) =>
        new([], null) { Elsewhere = [new EntryRef(journal, seq)] };

    private static Decision.Refused? Leave(Turn turn, Input.Merge merge)
    {
        turn.Emit(new Effect.Left(merge.Into, turn.State.SeenUntil, Parts.Of(turn.State)));
        return null;
    }

    private static Decision.Refused? Join(Turn turn, Input.Join join, IReadOnlyList<Entry> recalled)
    {
        var left = ArrivalOf(join, recalled) ??
            throw new UnreachableException($"Entry {join.Seq} of {join.From} is not one with which it left.");
        turn.Emit(new Effect.Joined(
            join.From, join.Seq, left.Into, left.SeenUntil, Parts.Named(left.Part, join.From)));
        CatchUp(turn);
        var unmet = recalled.ToList();
        // The second return of an order finds what the first one left of it.
        var orders = turn.State.AwaitedReturns.Select(waiting => waiting.Order).Distinct()
            .ToDictionary(key => key, key => OrderOnFile.Find(key, recalled));
        foreach (var waiting in turn.State.AwaitedReturns)
        {
            if (orders[waiting.Order] is not { } order || TakeReturn(waiting, unmet) is not { } returned) continue;
            Release(turn, waiting, order, returned);
        }

        return null;
    }

    private static Decision.Refused? Unmerge(Turn turn, Input.Unmerge unmerge, SplitHistory? history)
    {
        var members = turn.State.Members;
        if (members.All(member => member.Key != unmerge.Alias))
            return new(
                RefusalCodes.NotAnAlias, "The id is no alias of this customer; GET …/aliases lists those that are.");
        var into = members.First(member => member.Key == unmerge.Alias).Into;
        if (members.Any(member => member.Key == into))
            return new(
                RefusalCodes.AliasNested,
                "The id came with another alias, its 'through' in GET …/aliases. Unmerge that one first.");
        var (goes, stays) = (history ?? throw new UnreachableException("An alias is taken out by its history."))
            .Divide(turn.State);
        turn.Emit(new Effect.Split(unmerge.Alias, turn.State.SeenUntil, goes, stays));
        return null;
    }

    private static Decision.Refused? Rejoin(Turn turn, Input.Rejoin rejoin, IReadOnlyList<Entry> recalled)
    {
        var split = recalled.SelectMany(entry => entry.Effects).OfType<Effect.Split>().FirstOrDefault() ??
            throw new UnreachableException($"Entry {rejoin.Seq} of {rejoin.From} lets no alias go.");
        var part = Parts.Named(split.Goes, rejoin.From);
        turn.Emit(new Effect.Rejoined(rejoin.From, rejoin.Seq, split.SeenUntil, part with
        {
            Formers = [.. part.Formers.Where(former => former.Key != rejoin.From), new(rejoin.From, rejoin.Seq)],
        }));
        CatchUp(turn);
        return null;
    }

    private static Decision.Refused? Settle(Turn turn, Input.Settle settle)
    {
        turn.Emit(new Effect.Settled(settle.Seq));
        return null;
    }

    private static Effect.Left? ArrivalOf(Input.Join join, IReadOnlyList<Entry> recalled) => recalled
        .Where(entry => entry.Seq == join.Seq).SelectMany(entry => entry.Effects).OfType<Effect.Left>()
        .FirstOrDefault();

    /// <summary>
    /// Takes the return out of what is recalled: two that wait for one order can have the same number, each in a
    /// journal of its own, and either is to count.
    /// </summary>
    private static Input.Event? TakeReturn(AwaitedReturn waiting, List<Entry> recalled)
    {
        var index = recalled.FindIndex(entry => entry.Seq == waiting.Seq &&
            entry.Effects.Contains(new Effect.ReturnAwaited(waiting.Order)));
        if (index < 0) return null;
        var returned = recalled[index].Input as Input.Event;
        recalled.RemoveAt(index);
        return returned;
    }
}
