using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Duplicates, ticks, decisions: what happens inside a turn.</summary>
public sealed partial class CustomerActor
{
    private Draft NewDraft() => new(Key, _head!, _services.Now) { CustomerSecret = _secret };

    /// <summary>Decides a request against the head and hands its entries over.</summary>
    private async Task DecideAsync(PendingRequest request, bool probeAll)
    {
        request.Attempts++;
        var identities = request.Deliveries.Select(delivery => IdentityOf(request.Addressed, delivery)).ToArray();
        var known = await FindKnownAsync(request.Deliveries, identities, probeAll);
        var own = request.Attempts > 1 ? request.Drafted.ToHashSet() : [];
        var draft = NewDraft();
        var outcomes = ImmutableArray.CreateBuilder<Outcome>(identities.Length);
        for (var i = 0; i < identities.Length; i++)
        {
            var key = identities[i].Key!.Value;
            if (known.TryGetValue(key, out var earlier))
            {
                outcomes.Add(Repeat(earlier.Entry, identities[i], replayed: !own.Remove(earlier.Hash)));
                continue;
            }

            draft = await RunTicksAsync(draft, request.Deliveries[i]);
            var outcome = await DecideAsync(request.Deliveries[i], identities[i], draft);
            if (draft.Entries.Count > 0 && draft.Entries[^1] is var entry && entry.EventKey == key)
            {
                known[key] = (entry, Hash16.Zero);
                request.Drafted.Add(draft.Rows[^1].Hash);
            }

            outcomes.Add(outcome);
        }

        request.Outcomes = outcomes.MoveToImmutable();
        await SubmitAsync(draft, request);
    }

    private async Task<Outcome> DecideAsync(Delivery delivery, InputIdentity identity, Draft draft)
    {
        var input = delivery.Input;
        if (delivery.IfMatch is { } version && version != draft.Head.Seq - draft.TicksAtEnd)
            return new Outcome.Stale(draft.Head.Seq);
        var at = AtOf(delivery, draft);
        var program = _services.Programs.At(at);
        var recalled = await RecallAsync(Decider.Needs(draft.Head.State, input), draft);
        switch (Decider.Decide(draft.Head.State, input, recalled, program, at))
        {
            case Decision.Accepted accepted:
                await EnsureSecretAsync(input, draft);
                return new Outcome.Accepted(Receipt.Of(
                    draft.Append(input, accepted.Effects, program, at, delivery.Historical, identity)), false);
            case Decision.Refused refused when input is Input.Event:
                return new Outcome.Unacceptable(refused.Code, refused.Detail);
            case Decision.Refused refused when delivery.Keyed && draft.Head.Seq > 0:
                await EnsureSecretAsync(input, draft);
                var entry = draft.Append(
                    input, [new Effect.Refused(refused.Code, refused.Detail)], program, at, delivery.Historical,
                    identity);
                return new Outcome.Refused(refused.Code, refused.Detail, entry.Seq, false);
            case Decision.Refused refused:
                return new Outcome.Refused(refused.Code, refused.Detail, draft.Head.Seq, false);
            default:
                throw new System.Diagnostics.UnreachableException("A decision is accepted or refused.");
        }
    }

    private async Task<Draft> RunTicksAsync(Draft draft, Delivery delivery)
    {
        var at = AtOf(delivery, draft);
        draft.TicksAtEnd = 0;
        while (!draft.RunTicks(_services.Programs, at, delivery.Historical, _services.Options.TicksPerTurnMax))
        {
            await SubmitAsync(draft, null);
            draft = new Draft(Key, _head!, _services.Now) { CustomerSecret = _secret, TicksAtEnd = draft.TicksAtEnd };
        }

        return draft;
    }

    private async Task RunDueAsync(PendingRequest request)
    {
        await ActivateAsync(CancellationToken.None);
        var draft = NewDraft();
        if (!_head!.Historical || draft.Now >= _head.RecordedAt.Plus(_services.Options.BackfillQuiet))
            draft.RunTicks(_services.Programs, draft.Now, historical: false, _services.Options.TicksPerTurnMax);
        await SubmitAsync(draft, request);
    }

    /// <summary>
    /// The instant to decide for. It never runs backwards, and a back-fill never runs ahead of the clock.
    /// </summary>
    private static Instant AtOf(Delivery delivery, Draft draft) => Instant.Max(
        draft.Head.State.At,
        delivery.Historical ? Instant.Min(delivery.Input.OccurredAt, draft.Now) : draft.Now);

    private InputIdentity IdentityOf(CustomerKey addressed, Delivery delivery)
    {
        var input = delivery.Input;
        var body = new ByteWriter();
        InputCodec.Write(body, input);
        body.Bytes(InputCodec.PrivateOf(input).Span);
        if (input is Input.Event && !delivery.TimeAssigned) body.Time(delivery.ClaimedAt ?? input.OccurredAt);
        return new(
            _services.Secret.EventKeyOf(addressed, input.Source, input.Id), _services.Secret.BodyHashOf(body.Written),
            addressed);
    }

    /// <summary>
    /// The entries of inputs that were taken before. Most inputs need no look-up: they occurred after everything that
    /// left the ring of recent keys. The rest are looked up in one query; what slips through meets the unique index.
    /// </summary>
    private async Task<Dictionary<Hash16, (Entry Entry, Hash16 Hash)>> FindKnownAsync(
        IReadOnlyList<Delivery> deliveries, InputIdentity[] identities, bool probeAll)
    {
        var known = new Dictionary<Hash16, (Entry, Hash16)>();
        var probe = new List<Hash16>();
        for (var i = 0; i < identities.Length; i++)
        {
            var key = identities[i].Key!.Value;
            if (FindInFlight(key) is { } row) known[key] = (EntryCodec.Decode(row), row.Hash);
            else if (probeAll || MayBeKnown(deliveries[i], key)) probe.Add(key);
        }

        if (probe.Count == 0) return known;
        foreach (var (key, row) in await _services.Store.Journal.FindAsync(probe, CancellationToken.None))
            known[key] = (EntryCodec.Decode(row), row.Hash);
        return known;
    }

    private bool MayBeKnown(Delivery delivery, Hash16 key)
    {
        var recent = _head!.Recent;
        if (_head.Seq == 0) return false;
        if (delivery.Input is not Input.Event) return delivery.Keyed;
        return recent.Find(key) is not null || delivery.TimeAssigned || delivery.ClaimedAt is not null ||
               recent.MayHaveForgotten(delivery.Input.OccurredAt);
    }

    private static Outcome Repeat(Entry earlier, InputIdentity identity, bool replayed)
    {
        if (earlier.BodyHash != identity.BodyHash) return new Outcome.IdReused(earlier.Seq);
        return earlier.Effects is [Effect.Refused refused]
            ? new Outcome.Refused(refused.Code, refused.Detail, earlier.Seq, replayed)
            : new Outcome.Accepted(Receipt.Of(earlier), replayed);
    }

    /// <summary>
    /// Older entries by number or by order, those that are still on their way to the journal included.
    /// </summary>
    private async Task<IReadOnlyList<Entry>> RecallAsync(Needs needs, Draft draft)
    {
        if (needs.IsNothing) return [];
        var found = new SortedDictionary<long, Entry>();
        foreach (var entry in draft.Entries) Keep(entry);
        List<JournalRow> underWay;
        lock (_gate) underWay = [.. _inFlight.SelectMany(submission => submission.Rows)];
        foreach (var row in underWay) Keep(EntryCodec.Decode(row));
        if (needs.Order is not null)
        {
            await foreach (var row in _services.Loader.ReadAsync(Key, CancellationToken.None))
                Keep(EntryCodec.Decode(row));
        }
        else if (needs.Seqs.Where(seq => !found.ContainsKey(seq)).ToArray() is { Length: > 0 } missing)
        {
            foreach (var row in await _services.Store.Journal.ReadAsync(Key, missing, CancellationToken.None))
                Keep(EntryCodec.Decode(row));
        }

        return [.. found.Values];

        void Keep(Entry entry)
        {
            if (needs.Seqs.Contains(entry.Seq) || (needs.Order is { } order && entry.Effects.Any(e => IsOf(e, order))))
                found[entry.Seq] = entry;
        }
    }

    private static bool IsOf(Effect effect, OrderKey order) => effect switch
    {
        Effect.OrderCounted placed => placed.Order == order,
        Effect.ReturnMatched returned => returned.Order == order,
        _ => false,
    };

    /// <summary>The customer's own key, when the input has a private part: known, stored, or made now.</summary>
    private async Task EnsureSecretAsync(Input input, Draft draft)
    {
        if (draft.CustomerSecret is not null || InputCodec.PrivateOf(input).IsEmpty) return;
        var stored = await _services.Store.Registry.ReadSecretAsync(Key, CancellationToken.None);
        if (stored is { } wrapped)
        {
            draft.CustomerSecret = _services.Sealer.Unwrap(Key, wrapped.Span);
            return;
        }

        draft.CustomerSecret = CustomerSealer.CreateKey();
        draft.NewSecret = new(Key, _services.Sealer.Wrap(Key, draft.CustomerSecret));
    }
}
