using System.Collections.Immutable;
using System.Diagnostics;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Identity;

/// <summary>The two parts, once the history is known.</summary>
public sealed partial class SplitHistory
{
    /// <summary>Divides a state that the entries taken so far, and nothing but time, have made.</summary>
    internal (Part Goes, Part Stays) Divide(CustomerState whole)
    {
        var goes = Evolver.Begin(
            _goes ?? throw new UnreachableException("The alias has not joined in this history."), whole.Seq, whole.At);
        Fit(goes, whole);
        var (open, awaited) = OrdersOf(goes, whole);
        var (lots, debt) = RestOf(goes, whole);
        var mine = Lots.Even(goes.Lots, goes.Debt, whole.At);
        var rest = Lots.Even(lots, debt, whole.At);
        var stays = new Part
        {
            Balances = whole.Balances.Minus(goes.Balances), Lots = rest.Lots, Debt = rest.Debt,
            Pending = goes.Pending.Aggregate(
                whole.Pending, (pending, lot) => Lots.Add(pending, lot.Dates, lot.EarnedAt, -lot.Points)),
            OpenOrders = [.. whole.OpenOrders.Where(order => !IsMine(order))],
            AwaitedReturns = [.. whole.AwaitedReturns.Where(waiting => !IsMine(waiting))],
            Moments = _stays, Buckets = Buckets.Minus(whole.Buckets, goes.Buckets),
            Lifetime = whole.Lifetime.Minus(goes.Lifetime), Referrals = whole.Referrals - goes.Referrals,
            UnmatchedReturns = whole.UnmatchedReturns - goes.UnmatchedReturns,
            UnmatchedReturnMinor = whole.UnmatchedReturnMinor - goes.UnmatchedReturnMinor,
            Members = [.. whole.Members.Where(member => !_ids.Contains(member.Key))],
            Formers =
            [
                .. whole.Formers.Where(former => !_ids.Contains(former.Key)),
                .. whole.Members.Where(member => _ids.Contains(member.Key))
                    .Select(member => new Former(member.Key, member.Seq)),
            ],
        };
        var part = Parts.Of(goes) with
        {
            Lots = mine.Lots, Debt = mine.Debt, OpenOrders = open, AwaitedReturns = awaited,
            Members = [.. whole.Members.Where(member => member.Key != alias && _ids.Contains(member.Key))],
            Formers = Parts.Latest(_formers.Where(former => !_ids.Contains(former.Key))),
        };
        Prove(part);
        Prove(stays);
        return (part, stays);
    }

    /// <summary>What waits here is at most what waits in the whole; more than that has matured.</summary>
    private static void Fit(CustomerState goes, CustomerState whole)
    {
        foreach (var lot in goes.Pending)
        {
            var matured = lot.Points - Lots.PendingOf(whole.Pending, lot.Dates);
            if (matured > 0)
                Evolver.Apply(goes, new Effect.PointsMoved(
                    Account.Pending, Account.Available, matured, lot.Dates, Causes.Matured, "", null));
        }
    }

    /// <summary>
    /// The lots and the debt that stay, where a debt that was settled since is one again: either may belong to the
    /// other side. Lots can be below zero here, for points that one side spent and the other had earned.
    /// </summary>
    private (ImmutableArray<Lot> Lots, long Debt) RestOf(CustomerState goes, CustomerState whole)
    {
        var (lots, debt) = (whole.Lots, whole.Debt - goes.Debt);
        foreach (var (lot, points) in _settled)
        {
            lots = Lots.Add(lots, lot.ExpiresAt, lot.AvailableAt, points, 0);
            debt += points;
        }

        foreach (var lot in goes.Lots)
            lots = Lots.Add(lots, lot.ExpiresAt, lot.EarnedAt, -lot.Remaining, -lot.Expired);
        return (lots, debt);
    }

    private (ImmutableArray<OpenOrder> Open, ImmutableArray<AwaitedReturn> Awaited) OrdersOf(
        CustomerState goes, CustomerState whole)
    {
        var open = whole.OpenOrders.Where(IsMine).ToList();
        var known = open.Select(order => (order.Key, order.OccurredAt, order.Seq)).ToHashSet();
        // One that gave way to an order with the same id, or to newer ones of the other side.
        open.AddRange(goes.OpenOrders.Where(order => !known.Contains((order.Key, order.OccurredAt, order.Seq))));
        return (
            [.. open.OrderBy(order => order.OccurredAt)], [.. whole.AwaitedReturns.Where(IsMine)]);
    }

    private bool IsMine(OpenOrder order) => IsMine(order.Key, order.OccurredAt, order.Seq);

    private bool IsMine(OrderKey key, Instant occurredAt, long seq) =>
        _orders.Contains((key, occurredAt, seq)) ||
        (_placedFor.TryGetValue((key, occurredAt, seq), out var owner) && _ids.Contains(owner));

    /// <summary>What came here is named with the journal once the customer led to another one.</summary>
    private bool IsMine(AwaitedReturn waiting) =>
        _awaited.Contains(waiting) ||
        (waiting.Journal == customer && _awaited.Contains(waiting with { Journal = null }));

    private static void Prove(Part part)
    {
        var available = part.Lots.Sum(lot => lot.Remaining) - part.Debt;
        if (part.Balances.Trial() != 0 || available != part.Balances.Of(Account.Available) ||
            part.Pending.Sum(lot => lot.Points) != part.Balances.Of(Account.Pending))
            throw new UnreachableException($"A part of a customer does not add up: {part}");
    }
}
