using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Identity;

/// <summary>
/// What the other journals of the customer know: whose orders are, and what of them came back while the customer led
/// to another one. An order may have come back in whichever journal, and is of whom it was placed for.
/// </summary>
public sealed partial class SplitHistory
{
    private readonly Dictionary<Hash16, Elsewhere> _elsewhere = [];
    private readonly Dictionary<(OrderKey, Instant, long), Hash16> _placedFor = [];
    private readonly Dictionary<long, Part> _left = [];

    /// <summary>The next entry of another journal of the customer, oldest first.</summary>
    public void TakeElsewhere(Entry entry, Hash16 journal)
    {
        if (!_elsewhere.TryGetValue(journal, out var there)) _elsewhere[journal] = there = new([], new());
        Own(entry, there.Owners, journal);
        foreach (var effect in entry.Effects)
        {
            if (effect is Effect.ReturnMatched or Effect.PointsMoved { Cause: Causes.Returned } or Effect.Joined
                or Effect.Rejoined) there.Steps.Add(new(entry.Seq, entry.At, effect));
            else if (effect is Effect.Left left && journal == alias)
                _left[entry.Seq] = Parts.Named(left.Part, alias);
        }
    }

    /// <summary>Whose the orders of an entry are. A stay before this one counts too: they may come back now.</summary>
    private void Own(Entry entry, OrderOwners owners, Hash16 journal)
    {
        owners.Take(entry);
        foreach (var effect in entry.Effects)
            if (effect is Effect.OrderCounted placed)
                _placedFor[(placed.Order, placed.OccurredAt, entry.Seq)] = owners.OwnerOf(entry) ?? journal;
    }

    /// <summary>What came back of the alias's orders while the customer led to another one.</summary>
    private void TakeBack(CustomerState goes, Effect.Rejoined rejoined)
    {
        var mine = false;
        foreach (var step in Away(customer, rejoined.From, rejoined.Seq))
        {
            if (step.Effect is Effect.ReturnMatched match)
                mine = IsMine(match.Order, match.OrderOccurredAt, match.OrderSeq);
            if (!mine) continue;
            Pass(goes, step.At);
            Evolver.Apply(goes, step.Effect);
        }
    }

    /// <summary>
    /// The returns in the journal of a customer from when one came to it until the entry with which it left again; also
    /// those further on, where that customer itself led to another one.
    /// </summary>
    private IEnumerable<Step> Away(Hash16 one, Hash16 journal, long until)
    {
        if (!_elsewhere.TryGetValue(journal, out var there)) yield break;
        var end = there.Steps.FindIndex(step => step.Seq >= until) is var index and >= 0 ? index : there.Steps.Count;
        var begin = there.Steps.FindLastIndex(
            Math.Max(0, end - 1), end, step => step.Effect is Effect.Joined joined && joined.From == one);
        if (begin < 0) yield break;
        foreach (var step in there.Steps[(begin + 1)..end])
        {
            if (step.Effect is Effect.Rejoined rejoined)
                foreach (var further in Away(journal, rejoined.From, rejoined.Seq)) yield return further;
            else if (step.Effect is not Effect.Joined)
                yield return step;
        }
    }

    private sealed record Elsewhere(List<Step> Steps, OrderOwners Owners);

    private readonly record struct Step(long Seq, Instant At, Effect Effect);
}
