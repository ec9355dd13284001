using System.Runtime.InteropServices;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Duplicates, ticks, decisions: what happens inside a turn.</summary>
public sealed partial class CustomerActor
{
    private Draft NewDraft() => NewDraft(_fork?.At ?? _services.Now);

    private Draft NewDraft(Instant now) => new(Key, _head!, now) { CustomerSecret = _secret };

    /// <summary>Decides a request against the head and hands its entries over.</summary>
    private async ValueTask DecideAsync(PendingRequest request, bool probeAll)
    {
        request.Attempts++;
        request.Redirect = RedirectOf(request);
        if (request.Redirect is not null)
        {
            // As durable as any answer: what it was decided on may still be on its way.
            request.Outcomes = [];
            await SubmitAsync(NewDraft(), request);
            return;
        }

        var identities = new InputIdentity[request.Deliveries.Count];
        for (var i = 0; i < identities.Length; i++)
            identities[i] = InputIdentity.Of(_services.Secret, request.Addressed, request.Deliveries[i]);
        var known = await FindKnownAsync(request, identities, probeAll);
        // One that comes twice in a request is known the second time.
        if (identities.Length > 1) known ??= [];
        HashSet<Hash16>? own = request.Attempts > 1 ? [.. request.Drafted] : null;
        var draft = NewDraft();
        var outcomes = new Outcome[identities.Length];
        for (var i = 0; i < identities.Length; i++)
        {
            var key = identities[i].Key!.Value;
            if (known is not null && known.TryGetValue(key, out var earlier))
            {
                outcomes[i] = Repeat(earlier.Entry, identities[i], replayed: own?.Remove(earlier.Hash) is not true);
                continue;
            }

            draft = await RunTicksAsync(draft, request.Deliveries[i]);
            outcomes[i] = await DecideAsync(request.Deliveries[i], identities[i], draft);
            if (draft.Entries is not [.., var entry] || entry.EventKey != key) continue;
            known?.Add(key, (entry, Hash16.Zero));
            // Another customer's inputs come with a merge, and all that is remembered is too little.
            if (entry.Input is Input.Event) _seen?.Add(key, entry.OccurredAt);
            else _seen = null;
            request.Drafted.Add(draft.Rows[^1].Hash);
        }

        request.Outcomes = ImmutableCollectionsMarshal.AsImmutableArray(outcomes);
        await SubmitAsync(draft, request);
    }

    /// <summary>
    /// Null for what belongs here. An id that is no alias of this customer was one when it was asked, or will be: its
    /// own actor knows. The second halves of merges are for the very journal that they are sent to.
    /// </summary>
    private Redirect? RedirectOf(PendingRequest request)
    {
        var first = request.Deliveries.Count > 0 ? request.Deliveries[0].Input : null;
        if (first is Input.Rejoin or Input.Settle) return null;
        var state = _head!.State;
        if (state.MergedInto is { } into) return new(new CustomerKey(into));
        if (request.Addressed == Key || first is Input.Merge) return null;
        foreach (var member in state.Members)
            if (member.Key == request.Addressed.Value) return null;
        return new(null);
    }

    private async ValueTask<Outcome> DecideAsync(Delivery delivery, InputIdentity identity, Draft draft)
    {
        var input = delivery.Input;
        if (delivery.IfMatch is { } version && version != draft.Head.Seq - draft.TicksAtEnd)
            return new Outcome.Stale(draft.Head.Seq);
        var at = AtOf(delivery, draft);
        var program = ProgramsUntil(at).At(at);
        var needs = Decider.Needs(draft.Head.State, input);
        var recalled = await RecallAsync(needs, draft);
        if (Decider.Further(draft.Head.State, input, recalled) is { IsNothing: false } more)
            recalled = [.. recalled, .. await RecallAsync(more, draft)];
        var history = needs.Alias is { } alias ? await HistoryAsync(alias, draft) : null;
        switch (Decider.Decide(draft.Head.State, input, recalled, program, at, history))
        {
            case Decision.Accepted accepted:
                await EnsureSecretAsync(input, draft);
                return new Outcome.Accepted(Receipt.Of(
                    draft.Append(input, accepted, program, at, delivery.Historical, identity)), false);
            case Decision.Refused refused when input is Input.Event:
                return new Outcome.Unacceptable(refused.Code, refused.Detail);
            case Decision.Refused refused when delivery.Keyed && draft.Head.Seq > 0:
                await EnsureSecretAsync(input, draft);
                var entry = draft.Append(
                    input, new Decision.Accepted([new Effect.Refused(refused.Code, refused.Detail)]), program, at,
                    delivery.Historical, identity);
                return new Outcome.Refused(refused.Code, refused.Detail, entry.Seq, false);
            case Decision.Refused refused:
                return new Outcome.Refused(refused.Code, refused.Detail, draft.Head.Seq, false);
            default:
                throw new System.Diagnostics.UnreachableException("A decision is accepted or refused.");
        }
    }

    private async ValueTask<Draft> RunTicksAsync(Draft draft, Delivery delivery)
    {
        var at = AtOf(delivery, draft);
        draft.TicksAtEnd = 0;
        while (!draft.RunTicks(ProgramsUntil(at), at, delivery.Historical, _services.Options.TicksPerTurnMax))
        {
            await SubmitAsync(draft, null);
            var ticks = draft.TicksAtEnd;
            // The clock is read once for the turn: what comes due while the writer is full is not due for this input.
            draft = NewDraft(draft.Now);
            draft.TicksAtEnd = ticks;
        }

        return draft;
    }

    private async Task RunDueAsync(PendingRequest request)
    {
        await ActivateAsync(CancellationToken.None);
        var draft = NewDraft();
        if (!_head!.Historical || draft.Now >= _head.RecordedAt.Plus(_services.Options.BackfillQuiet))
        {
            // A tick is never decided for an instant before the last entry's, which another clock may have given.
            var programs = ProgramsUntil(Instant.Max(draft.Now, _head.State.At));
            draft.RunTicks(programs, draft.Now, historical: false, _services.Options.TicksPerTurnMax);
        }

        // Nothing is due: the row that says so is of a program change that was withdrawn. It must not say so for ever.
        if (draft.Rows.Count == 0 && _committed is { Seq: > 0 } head) _services.Projector.MoveDue(Key, head);
        await SubmitAsync(draft, request);
    }

    /// <summary>What a fork is decided under is foretold from what is known now.</summary>
    private ProgramSchedule ProgramsUntil(Instant at) =>
        _fork is null ? _services.ProgramsUntil(at) : _services.Programs;

    /// <summary>
    /// The instant to decide for. It never runs backwards, and a back-fill never runs ahead of the clock.
    /// </summary>
    private static Instant AtOf(Delivery delivery, Draft draft)
    {
        var at = delivery.Historical ? Instant.Min(delivery.Input.OccurredAt, draft.Now) : draft.Now;
        // What arrives is not older than it was when it left.
        if (delivery.Input is Input.Join or Input.Rejoin) at = Instant.Max(at, delivery.Input.OccurredAt);
        return Instant.Max(draft.Head.State.At, at);
    }

    private static Outcome Repeat(Entry earlier, InputIdentity identity, bool replayed)
    {
        if (earlier.BodyHash != identity.BodyHash) return new Outcome.IdReused(earlier.Seq);
        return earlier.Effects is [Effect.Refused refused]
            ? new Outcome.Refused(refused.Code, refused.Detail, earlier.Seq, replayed)
            : new Outcome.Accepted(Receipt.Of(earlier), replayed);
    }

    /// <summary>The customer's own key, when the input has a private part: known, stored, or made now.</summary>
    private ValueTask EnsureSecretAsync(Input input, Draft draft) =>
        draft.CustomerSecret is not null || InputCodec.PrivateOf(input).IsEmpty
            ? ValueTask.CompletedTask
            : new(FindSecretAsync(draft));

    private async Task FindSecretAsync(Draft draft)
    {
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
