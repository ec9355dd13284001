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
    /// <summary>What happened before is late, and looked up: no order of a few seconds puts it right.</summary>
    private static readonly TimeSpan FreshMax = TimeSpan.FromMinutes(1);

    // Of the head: forgotten with it.
    private SeenKeys? _seen;

    /// <summary>By event key; null when nothing is known.</summary>
    private ValueTask<Dictionary<Hash16, (Entry Entry, Hash16 Hash)>?> FindKnownAsync(
        PendingRequest request, InputIdentity[] identities, bool probeAll)
    {
        Dictionary<Hash16, (Entry, Hash16)>? known = null;
        HashSet<Hash16>? probe = null;
        var others = OtherIds(request);
        var otherKeys = others.Length == 0 ? [] : new Hash16[identities.Length][];
        for (var i = 0; i < identities.Length; i++)
        {
            var (delivery, key) = (request.Deliveries[i], identities[i].Key!.Value);
            ReadOnlySpan<Hash16> otherHere = others.Length == 0 ? [] : otherKeys[i] = OtherKeys(delivery.Input, others);
            if (!probeAll && !MayBeKnown(delivery, key, otherHere)) continue;
            if (FindInFlight(key) is { } row)
            {
                (known ??= [])[key] = (EntryCodec.Decode(row), row.Hash);
            }
            else if (FindInFlight(otherHere, identities[i]) is { } same)
            {
                (known ??= [])[key] = same;
            }
            else
            {
                (probe ??= []).Add(key);
                foreach (var other in otherHere) probe.Add(other);
            }
        }

        return probe is null ? new(known) : new(ProbeAsync(request, identities, otherKeys, known ?? [], probe));
    }

    private async Task<Dictionary<Hash16, (Entry Entry, Hash16 Hash)>?> ProbeAsync(
        PendingRequest request, InputIdentity[] identities, Hash16[][] otherKeys,
        Dictionary<Hash16, (Entry, Hash16)> known, HashSet<Hash16> probe)
    {
        var found = await _services.Store.Journal.FindAsync(probe, CancellationToken.None);
        if (found.Count == 0) RememberMore(request);
        // Somebody else wrote on: whoever is told of that entry must not be shown less by the next read.
        if (_fork is null && found.Values.Any(row => row.Customer == Key && row.Seq > _head!.Seq)) Doubt();
        var rows = found.Where(pair => IsBeforeFork(pair.Value)).ToDictionary();
        for (var i = 0; i < identities.Length; i++)
        {
            var key = identities[i].Key!.Value;
            if (known.ContainsKey(key)) continue;
            if (rows.TryGetValue(key, out var row)) known[key] = (EntryCodec.Decode(row), row.Hash);
            else if (otherKeys.Length > 0 && FindUnderOther(otherKeys[i], identities[i], rows) is { } same)
                known[key] = same;
        }

        return known;
    }

    /// <summary>False for what is new for certain: it is not under way either.</summary>
    private bool MayBeKnown(Delivery delivery, Hash16 key, ReadOnlySpan<Hash16> others)
    {
        if (_head!.Seq == 0) return false;
        if (delivery.Input is not Input.Event input) return delivery.Keyed;
        if (delivery.TimeAssigned || delivery.ClaimedAt is not null || IsRecent(key)) return true;
        foreach (var other in others)
            if (IsRecent(other)) return true;
        return _head.Recent.MayHaveForgotten(input.OccurredAt) &&
               _seen?.MayHaveForgotten(input.OccurredAt) is not false;
    }

    private bool IsRecent(Hash16 key) => _head!.Recent.Find(key) is not null || _seen?.Has(key) is true;

    /// <summary>Where inputs that have just happened come in another order, more of them is remembered.</summary>
    private void RememberMore(PendingRequest request)
    {
        var fresh = _services.Now.Plus(-FreshMax);
        foreach (var delivery in request.Deliveries)
        {
            if (delivery.Input is not Input.Event input || input.OccurredAt < fresh) continue;
            if (_seen is null) _seen = new(_head!.Recent);
            else _seen.Grow();
            return;
        }
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

    private (Entry Entry, Hash16 Hash)? FindInFlight(ReadOnlySpan<Hash16> keys, InputIdentity identity)
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
