using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// Inputs that were taken before, under whichever id of the customer. Most inputs need no look-up: they occurred after
/// everything that left the ring of recent keys. The rest are looked up in one query; what slips through meets the
/// unique index.
/// </summary>
public sealed partial class CustomerActor
{
    private async Task<Dictionary<Hash16, (Entry Entry, Hash16 Hash)>> FindKnownAsync(
        PendingRequest request, InputIdentity[] identities, bool probeAll)
    {
        var known = new Dictionary<Hash16, (Entry, Hash16)>();
        var probe = new HashSet<Hash16>();
        var others = OtherIds(request);
        var otherKeys = new Hash16[identities.Length][];
        for (var i = 0; i < identities.Length; i++)
        {
            var (delivery, key) = (request.Deliveries[i], identities[i].Key!.Value);
            otherKeys[i] = OtherKeys(delivery.Input, others);
            if (FindInFlight(key) is { } row) known[key] = (EntryCodec.Decode(row), row.Hash);
            else if (FindInFlight(otherKeys[i], identities[i]) is { } same) known[key] = same;
            else if (probeAll || MayBeKnown(delivery, key, otherKeys[i])) probe.UnionWith(otherKeys[i].Append(key));
        }

        if (probe.Count == 0) return known;
        var found = await _services.Store.Journal.FindAsync(probe, CancellationToken.None);
        var rows = found.Where(pair => IsBeforeFork(pair.Value)).ToDictionary();
        for (var i = 0; i < identities.Length; i++)
        {
            var key = identities[i].Key!.Value;
            if (known.ContainsKey(key)) continue;
            if (rows.TryGetValue(key, out var row)) known[key] = (EntryCodec.Decode(row), row.Hash);
            else if (FindUnderOther(otherKeys[i], identities[i], rows) is { } same) known[key] = same;
        }

        return known;
    }

    private bool MayBeKnown(Delivery delivery, Hash16 key, Hash16[] others)
    {
        var recent = _head!.Recent;
        if (_head.Seq == 0) return false;
        if (delivery.Input is not Input.Event) return delivery.Keyed;
        return recent.Find(key) is not null || delivery.TimeAssigned || delivery.ClaimedAt is not null ||
               recent.MayHaveForgotten(delivery.Input.OccurredAt) ||
               others.Any(other => recent.Find(other) is not null);
    }

    /// <summary>The other ids under which an input may have come to this customer; most have none.</summary>
    private CustomerKey[] OtherIds(PendingRequest request)
    {
        var state = _head!.State;
        if (state.Members.IsEmpty && state.Formers.IsEmpty && request.Addressed == Key) return [];
        return
        [
            .. state.Members.Select(member => member.Key).Concat(state.Formers.Select(former => former.Key))
                .Append(Key.Value).Distinct().Select(id => new CustomerKey(id)).Where(id => id != request.Addressed),
        ];
    }

    private Hash16[] OtherKeys(Input input, CustomerKey[] others)
    {
        // A merge and its halves name two customers: they are known by the one that they are addressed to alone.
        if (others.Length == 0 || input is Input.Merge or Input.Join or Input.Rejoin or Input.Settle) return [];
        return [.. others.Select(id => _services.Secret.EventKeyOf(id, input.Source, input.Id))];
    }

    private (Entry Entry, Hash16 Hash)? FindInFlight(Hash16[] keys, InputIdentity identity)
    {
        foreach (var key in keys)
            if (FindInFlight(key) is { } row && EntryCodec.Decode(row) is var entry &&
                entry.BodyHash == identity.BodyHash) return (entry, row.Hash);
        return null;
    }

    /// <summary>
    /// The same input under another id of the customer. Another body is another input: an id says something only
    /// together with the customer that it was sent for.
    /// </summary>
    private (Entry Entry, Hash16 Hash)? FindUnderOther(
        Hash16[] keys, InputIdentity identity, Dictionary<Hash16, JournalRow> rows)
    {
        foreach (var key in keys)
            if (rows.TryGetValue(key, out var row) && WasHere(row) && EntryCodec.Decode(row) is var entry &&
                entry.BodyHash == identity.BodyHash) return (entry, row.Hash);
        return null;
    }

    /// <summary>A row of this customer, of an id that leads here, or of one that did while it was written.</summary>
    private bool WasHere(JournalRow row) =>
        row.Customer == Key || _head!.State.Members.Any(member => member.Key == row.Customer.Value) ||
        _head.State.Formers.Any(former => former.Key == row.Customer.Value && row.Seq <= former.Until);
}
