using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Identity;

/// <summary>Parts of states: taken out, put in, added.</summary>
public static class Parts
{
    /// <summary>All of a state that can belong to somebody else.</summary>
    public static Part Of(CustomerState state) => new()
    {
        Balances = state.Balances, Debt = state.Debt, Lots = state.Lots, Pending = state.Pending,
        OpenOrders = state.OpenOrders, AwaitedReturns = state.AwaitedReturns, Moments = state.Moments,
        Buckets = state.Buckets, Lifetime = state.Lifetime, Referrals = state.Referrals,
        UnmatchedReturns = state.UnmatchedReturns, UnmatchedReturnMinor = state.UnmatchedReturnMinor,
        Members = state.Members, Formers = state.Formers,
    };

    /// <summary>Replaces the part of a state that nobody else holds.</summary>
    public static void Put(CustomerState state, Part part)
    {
        state.BalancesField = part.Balances;
        state.Debt = part.Debt;
        state.Lots = part.Lots;
        state.Pending = part.Pending;
        state.OpenOrders = part.OpenOrders;
        state.AwaitedReturns = part.AwaitedReturns;
        state.Moments = part.Moments;
        state.Gaps = part.Moments.Gaps();
        state.Buckets = part.Buckets;
        state.Lifetime = part.Lifetime;
        state.Referrals = part.Referrals;
        state.UnmatchedReturns = part.UnmatchedReturns;
        state.UnmatchedReturnMinor = part.UnmatchedReturnMinor;
        state.Members = part.Members;
        state.Formers = part.Formers;
    }

    /// <summary>The part with every entry that it refers to by number alone named with its journal.</summary>
    internal static Part Named(Part part, Hash16 journal) => part with
    {
        OpenOrders =
        [
            .. part.OpenOrders.Select(order => order with
            {
                Journal = order.Journal ?? journal,
                ReturnSeqs = [],
                ReturnsElsewhere =
                [
                    .. order.ReturnsElsewhere, .. order.ReturnSeqs.Select(seq => new EntryRef(journal, seq)),
                ],
            }),
        ],
        AwaitedReturns = [.. part.AwaitedReturns.Select(w => w with { Journal = w.Journal ?? journal })],
    };

    /// <summary>One for each id, up to the last time.</summary>
    internal static ImmutableArray<Former> Latest(IEnumerable<Former> formers) =>
        [.. formers.GroupBy(former => former.Key).Select(same => new Former(same.Key, same.Max(f => f.Until)))];

    internal static void Leave(CustomerState state, Effect.Left left)
    {
        Put(state, Part.Empty);
        state.Stage = "";
        state.StageRole = default;
        state.StageSince = Instant.Earliest;
        state.StageReason = "";
        state.StageOrderDay = 0;
        state.MergedInto = left.Into;
        state.Errand = state.Seq;
    }

    internal static void Join(CustomerState state, Effect.Joined joined)
    {
        var part = joined.Part;
        Add(state, part);
        state.Members = [.. state.Members, .. part.Members, new(joined.From, joined.Into, joined.Seq, state.At)];
        var ids = state.Members.Select(member => member.Key).Append(joined.Into).ToHashSet();
        state.Formers = Latest(state.Formers.Concat(part.Formers).Where(former => !ids.Contains(former.Key)));
        state.SeenUntil = Instant.Max(state.SeenUntil, joined.SeenUntil);
    }

    internal static void Rejoin(CustomerState state, Effect.Rejoined rejoined)
    {
        Put(state, rejoined.Part with { Buckets = Buckets.Age(rejoined.Part.Buckets, state.At) });
        state.MergedInto = null;
        state.SeenUntil = Instant.Max(state.SeenUntil, rejoined.SeenUntil);
    }

    internal static void Split(CustomerState state, Effect.Split split)
    {
        Put(state, split.Stays);
        state.Errand = state.Seq;
    }

    internal static void Add(CustomerState state, Part part)
    {
        for (var i = 0; i < Accounts.Count; i++)
            state.BalancesField.Set((Account)i, state.Balances.Of((Account)i) + part.Balances.Of((Account)i));
        state.Debt += part.Debt;
        foreach (var lot in part.Lots)
            state.Lots = Lots.Add(state.Lots, lot.ExpiresAt, lot.EarnedAt, lot.Remaining, lot.Expired);
        foreach (var lot in part.Pending)
            state.Pending = Lots.Add(state.Pending, lot.Dates, lot.EarnedAt, lot.Points);
        // Of two open orders with one id the one that was here can be returned; the other's points and sums count.
        var open = part.OpenOrders.Where(order => state.FindOpenOrder(order.Key) < 0);
        state.OpenOrders = [.. state.OpenOrders.Concat(open).OrderBy(order => order.OccurredAt)];
        state.AwaitedReturns = state.AwaitedReturns.AddRange(part.AwaitedReturns);
        state.Moments = state.Moments.With(part.Moments);
        state.Gaps = state.Moments.Gaps();
        state.Buckets = Buckets.Plus(state.Buckets, Buckets.Age(part.Buckets, state.At));
        state.Lifetime = state.Lifetime.Plus(part.Lifetime);
        state.Referrals += part.Referrals;
        state.UnmatchedReturns += part.UnmatchedReturns;
        state.UnmatchedReturnMinor += part.UnmatchedReturnMinor;
    }
}
