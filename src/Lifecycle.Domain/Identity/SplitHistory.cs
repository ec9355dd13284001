using System.Diagnostics;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Orders;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Identity;

/// <summary>
/// What of a customer belongs to one alias: what it brought, and since then what came under its id or under one that
/// came with it, what happened to its orders, and its points that matured and expired. What goes is folded; what stays
/// is the whole less that, so both together are the whole.
/// </summary>
/// <param name="customer">Whom it leaves.</param>
/// <param name="alias">The id that goes.</param>
/// <remarks>
/// What came while the customer itself led to another one, and was taken back from there, stays with the customer; but
/// a return is of whom its order was placed for.
/// </remarks>
public sealed partial class SplitHistory(Hash16 customer, Hash16 alias)
{
    private readonly HashSet<Hash16> _ids = [alias];
    private readonly OrderOwners _owners = new();
    private readonly HashSet<(OrderKey, Instant, long)> _orders = [];
    private readonly HashSet<AwaitedReturn> _awaited = [];
    private readonly List<(LotDates Lot, long Points)> _settled = [];
    private readonly List<Former> _formers = [];
    private CustomerState _whole = CustomerState.Empty;
    private CustomerState? _goes;
    private OrderMoments _stays = OrderMoments.None;

    /// <summary>The next entry of the customer, oldest first.</summary>
    public void Take(Entry entry)
    {
        if (_goes is not null) _goes = Evolver.Begin(_goes, entry.Seq, entry.At);
        Own(entry, _owners, customer);
        var own = entry.Addressed is { } addressed && _ids.Contains(addressed);
        var returned = own;
        foreach (var effect in entry.Effects)
        {
            if (effect is Effect.Joined joined && joined.From == alias) Begin(joined.Part, entry);
            else if (effect is Effect.Rejoined rejoined && _goes is null) BeginElsewhere(rejoined, entry);
            else if (effect is Effect.Split split && split.Alias == alias) _goes = null;
            else if (_goes is null) continue;
            else if (effect is Effect.PointsMoved moved) Move(_goes, moved, own, returned);
            else if (effect is Effect.ReturnMatched match)
                Count(match, returned = IsMine(match.Order, match.OrderOccurredAt, match.OrderSeq));
            else if (effect is Effect.OrderCounted order) Count(order, entry.Seq, own);
            else TakeOther(effect, entry, own);
        }

        if (_goes is not null) Evolver.Prune(_goes);
        _whole = Evolver.Evolve(_whole, entry);
    }

    /// <summary>The last time it joined is the one that counts: what was before it has been taken back.</summary>
    private void Begin(Part part, Entry entry)
    {
        _ids.Clear();
        _orders.Clear();
        _awaited.Clear();
        _settled.Clear();
        _formers.Clear();
        _stays = _whole.Moments;
        _goes = Evolver.Begin(CustomerState.Empty, entry.Seq, entry.At);
        _ids.Add(alias);
        Bring(part);
    }

    /// <summary>It came to the customer while that led to another one: a merge that was finished only then.</summary>
    private void BeginElsewhere(Effect.Rejoined rejoined, Entry entry)
    {
        foreach (var member in rejoined.Part.Members)
        {
            if (member.Key != alias || !_left.TryGetValue(member.Seq, out var part)) continue;
            Begin(part, entry);
            TakeOther(rejoined, entry, own: false);
        }
    }

    private void Bring(Part part)
    {
        Parts.Add(_goes!, part);
        foreach (var member in part.Members) _ids.Add(member.Key);
        foreach (var order in part.OpenOrders) _orders.Add((order.Key, order.OccurredAt, order.Seq));
        foreach (var waiting in part.AwaitedReturns) _awaited.Add(waiting);
        _formers.AddRange(part.Formers);
    }

    private void Move(CustomerState goes, Effect.PointsMoved moved, bool own, bool returned)
    {
        switch (moved.Cause)
        {
            case Causes.DebtSettled:
                // Paid with whose points, for whose debt, is seen when both are divided.
                _settled.Add((moved.Lot, moved.Points));
                return;
            case Causes.Matured:
                Some(Lots.PendingOf(goes.Pending, moved.Lot));
                return;
            case Causes.Expired:
                var index = Lots.Find(goes.Lots, moved.Lot.ExpiresAt);
                Some(index < 0 ? 0 : goes.Lots[index].Remaining);
                return;
            default:
                if (moved.Cause == Causes.Returned ? returned : own) Evolver.Apply(goes, moved);
                return;
        }

        void Some(long have)
        {
            var points = Math.Min(moved.Points, have);
            if (points > 0) Evolver.Apply(goes, moved with { Points = points });
        }
    }

    private void Count(Effect.OrderCounted order, long seq, bool own)
    {
        if (own)
        {
            _orders.Add((order.Order, order.OccurredAt, seq));
            Evolver.Apply(_goes!, order);
        }
        else if (order.Counts)
        {
            _stays = _stays.Add(new(order.OccurredAt, order.Day));
        }
    }

    private void Count(Effect.ReturnMatched matched, bool own)
    {
        if (own) Evolver.Apply(_goes!, matched);
        else if (matched is { Counts: true, Whole: true })
            _stays = _stays.Remove(new(matched.OrderOccurredAt, matched.Day));
    }

    private void TakeOther(Effect effect, Entry entry, bool own)
    {
        switch (effect)
        {
            case Effect.Joined joined when _ids.Contains(joined.Into):
                _ids.Add(joined.From);
                Bring(joined.Part);
                break;
            case Effect.Joined joined:
                _stays = _stays.With(joined.Part.Moments);
                break;
            case Effect.Split split:
                _stays = _stays.Without(split.Goes.Moments);
                break;
            case Effect.Rejoined rejoined:
                TakeBack(_goes!, rejoined);
                _stays = rejoined.Part.Moments.Without(_goes!.Moments);
                // Where the customer was, its aliases were: what came for them there is known here.
                _formers.AddRange(rejoined.Part.Formers);
                Pass(_goes!, entry.At);
                break;
            case Effect.ReturnAwaited awaited when own:
                _awaited.Add(new(awaited.Order, entry.Seq));
                break;
            case Effect.ReturnCounted or Effect.ReturnUnmatched or Effect.ActivityCounted when own:
                Evolver.Apply(_goes!, effect);
                break;
            case Effect.ReturnCounted or Effect.ReturnUnmatched or Effect.ActivityCounted or Effect.ReturnAwaited:
            case Effect.ReturnReleased or Effect.StageChanged or Effect.Refused or Effect.Left or Effect.Settled:
                break;
            default:
                throw new UnreachableException($"Effect {effect.GetType().Name} belongs to nobody.");
        }
    }

    /// <summary>Time that passed in another journal: what was due by then has matured and expired there.</summary>
    private static void Pass(CustomerState goes, Instant at)
    {
        foreach (var lot in goes.Pending)
        {
            if (lot.Dates.AvailableAt > at) break;
            Evolver.Apply(goes, new Effect.PointsMoved(
                Account.Pending, Account.Available, lot.Points, lot.Dates, Causes.Matured, "", null));
        }

        foreach (var lot in goes.Lots)
        {
            if (lot.ExpiresAt > at) break;
            if (lot.Remaining <= 0) continue;
            Evolver.Apply(goes, new Effect.PointsMoved(
                Account.Available, Account.Expired, lot.Remaining, new(lot.EarnedAt, lot.ExpiresAt), Causes.Expired, "",
                null));
        }
    }
}
