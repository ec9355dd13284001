using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>
/// What later entries tell of an instant in the past. Points and stages stand as they were decided by then; a fact that
/// had occurred by then and was delivered later counts in the metrics of its own time. The one rule of views and
/// explanations.
/// </summary>
/// <param name="decided">The last entry that was decided by the instant.</param>
/// <param name="instant">What occurred later is left out.</param>
public sealed class LateFacts(long decided, Instant instant)
{
    // Returns that were kept for an order and had not occurred: at most as many as a state keeps.
    private readonly HashSet<long> _keptAhead = [];
    private readonly HashSet<Hash16> _joined = [];

    // Orders of ids that joined later, as far as they could still come back: what is returned of them is not theirs.
    private readonly HashSet<(OrderKey, Instant)> _ordersOfJoined = [];

    /// <summary>The effects of the next entry after <c>decided</c> that count, oldest entry first.</summary>
    public IEnumerable<Effect> Of(Entry entry)
    {
        foreach (var joined in entry.Effects.OfType<Effect.Joined>())
        {
            _joined.UnionWith(joined.Part.Members.Select(member => member.Key).Append(joined.From));
            _ordersOfJoined.UnionWith(joined.Part.OpenOrders.Select(order => (order.Key, order.OccurredAt)));
        }

        // What came for an id that was not this customer's then is not theirs.
        var ofJoined = entry.Addressed is { } id && _joined.Contains(id);
        var occurred = entry.OccurredAt <= instant && !ofJoined;
        // An order that came late carries what returns that were waiting for it took off: those are theirs, not its.
        var counts = occurred;
        foreach (var effect in entry.Effects)
        {
            if (effect is Effect.OrderCounted order && ofJoined) _ordersOfJoined.Add((order.Order, order.OccurredAt));
            if (effect is Effect.ReturnAwaited && !occurred) _keptAhead.Add(entry.Seq);
            if (effect is Effect.ReturnReleased released) counts = !_keptAhead.Remove(released.ReturnSeq) && occurred;
            var taken = effect switch
            {
                Effect.OrderCounted or Effect.ReturnCounted or Effect.ReturnAwaited or Effect.ActivityCounted =>
                    occurred,
                Effect.ReturnMatched matched =>
                    counts && (matched.OrderSeq <= decided || matched.OrderOccurredAt <= instant) &&
                    !_ordersOfJoined.Contains((matched.Order, matched.OrderOccurredAt)),
                Effect.ReturnReleased or Effect.ReturnUnmatched => counts,
                _ => false,
            };
            if (taken) yield return effect;
        }
    }
}
