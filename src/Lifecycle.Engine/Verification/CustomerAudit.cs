using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Verification;

/// <summary>Replays one customer, entry by entry, and holds every step against the invariants.</summary>
/// <param name="customer">Whose entries these are.</param>
/// <param name="snapshot">The projection's row, read before the entries; null when there is none.</param>
/// <param name="live">The head in memory, taken before the entries were read; null when there is none.</param>
/// <param name="programChanges">The instants of all activations, withdrawn ones too.</param>
internal sealed class CustomerAudit(
    CustomerKey customer, CustomerRow? snapshot, Head? live, IReadOnlySet<Instant> programChanges)
{
    private readonly Dictionary<string, Violation> _violations = [];
    private readonly EffectSums _sums = new();
    private Head _head = Head.Empty;
    private bool _stopped;

    /// <summary>The first of each kind.</summary>
    public IReadOnlyCollection<Violation> Violations => _violations.Values;

    /// <summary>Takes the next row. After one that cannot be folded the rest is not looked at.</summary>
    public void Follow(JournalRow row)
    {
        if (_stopped) return;
        try
        {
            Chain.Check(_head, row);
        }
        catch (CodecException e)
        {
            Stop(ViolationCodes.Chain, row.Seq, e);
            return;
        }

        try
        {
            var entry = EntryCodec.Decode(row);
            var before = _head;
            _head = _head.Append(entry, row.Hash, row.Position);
            CheckEntry(before, entry);
            CheckState(entry.After);
            _sums.Add(entry);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a damaged entry makes the fold throw, the other customers are still to be verified.
            Stop(ViolationCodes.Fold, row.Seq, e);
            return;
        }

        if (snapshot?.Seq == row.Seq) CheckSnapshot(snapshot);
        if (live?.Seq == row.Seq && !BytesOf(live).SequenceEqual(BytesOf(_head)))
            Report(ViolationCodes.Live, row.Seq, "The customer in memory is not what the replay gives.");
    }

    /// <summary>After the last row.</summary>
    /// <param name="promised">The last seq that the projection's watermark covers; 0 for none.</param>
    public void Finish(long promised)
    {
        if (_stopped) return;
        if (_sums.DifferencesFrom(_head.State).FirstOrDefault() is { } difference)
            Report(ViolationCodes.Totals, _head.Seq, difference);
        if (snapshot is not null && snapshot.Seq > _head.Seq)
            Report(ViolationCodes.Watermark, snapshot.Seq, $"The row is ahead of the journal's {_head.Seq} entries.");
        if (live is not null && live.Seq > _head.Seq)
            Report(
                ViolationCodes.Live, live.Seq,
                $"The customer in memory is ahead of the journal's {_head.Seq} entries.");
        if (promised > (snapshot?.Seq ?? 0))
            Report(ViolationCodes.Watermark, promised, $"The row is at {snapshot?.Seq ?? 0} and not at {promised}.");
    }

    private void CheckEntry(Head before, Entry entry)
    {
        if (entry.At < before.State.At || entry.RecordedAt < before.RecordedAt)
            Report(ViolationCodes.TimeOrder, entry.Seq, "The entry is before its predecessor.");
        if (_head.Position <= before.Position)
        {
            Report(
                ViolationCodes.Positions, entry.Seq,
                $"Its position is {_head.Position}, and its predecessor's {before.Position}.");
        }

        if (entry.Input is Input.Tick != entry.EventKey is null)
            Report(ViolationCodes.EventKey, entry.Seq, $"A {entry.Input.TypeName} with the key {entry.EventKey}.");
        if (entry.Effects.Length > 1 && entry.Effects.Any(effect => effect is Effect.Refused))
            Report(ViolationCodes.Refusal, entry.Seq, "A refusal has other effects.");
        foreach (var effect in entry.Effects)
        {
            if (effect is Effect.PointsMoved { Points: <= 0 } moved)
                Report(ViolationCodes.DoubleEntry, entry.Seq, $"A movement of {moved.Points} points.");
        }
    }

    private void CheckState(After after)
    {
        var state = _head.State;
        var balances = state.Balances;
        if (balances.Trial() is var trial && trial != 0)
            Report(ViolationCodes.DoubleEntry, state.Seq, $"The accounts add up to {trial}.");

        var available = state.Lots.Sum(lot => lot.Remaining) - state.Debt;
        var pending = state.Pending.Sum(lot => lot.Points);
        if (available != balances.Of(Account.Available) || pending != balances.Of(Account.Pending) || state.Debt < 0 ||
            state.Lots.Any(lot => lot.Remaining < 0))
        {
            Report(
                ViolationCodes.Lots, state.Seq,
                $"The lots make {available} available and {pending} pending, the accounts " +
                $"{balances.Of(Account.Available)} and {balances.Of(Account.Pending)}.");
        }

        if (state.Lots.Any(lot => lot.Remaining > 0 && lot.ExpiresAt <= state.At) ||
            state.Pending.Any(lot => lot.Dates.AvailableAt <= state.At))
        {
            Report(ViolationCodes.LotDates, state.Seq, $"A lot should have expired or matured by {state.At}.");
        }

        var replayed = new After(
            balances.Of(Account.Available), balances.Of(Account.Pending), balances.Of(Account.Held), state.Stage,
            after.NextChangeAt);
        if (after != replayed)
            Report(ViolationCodes.Receipt, state.Seq, $"It said {after}; the replay gives {replayed}.");
    }

    /// <summary>
    /// Earlier than the state says is right only where another program takes over, or was to; in a back-fill later than
    /// that, when it has been quiet for long enough.
    /// </summary>
    private bool IsProgramChange(Instant dueAt) => programChanges.Any(
        change => change > _head.State.At && (change == dueAt || (_head.Historical && change < dueAt)));

    private void CheckSnapshot(CustomerRow row)
    {
        var state = _head.State;
        var columns = row with { DueAt = default, State = default };
        var replayed = CustomerRows.Of(customer, _head, dueAt: default) with { State = default };
        if (columns != replayed)
            Report(ViolationCodes.Projection, row.Seq, $"The row is {columns}; the replay gives {replayed}.");
        if (row.DueAt < state.DueAt && state.Errand == 0 && !IsProgramChange(row.DueAt))
            Report(ViolationCodes.Projection, row.Seq, $"The row is due at {row.DueAt} and not at {state.DueAt}.");
        // One of another format is ignored by whoever loads it, and so it is here.
        if (SnapshotCodec.IsCurrent(row) && !BytesOf(_head).SequenceEqual(row.State.Span))
            Report(ViolationCodes.Projection, row.Seq, "The snapshot is not the state that the replay gives.");
    }

    private ReadOnlySpan<byte> BytesOf(Head head) => SnapshotCodec.Encode(customer, head);

    private void Stop(string code, long seq, Exception cause)
    {
        _stopped = true;
        Report(code, seq, cause.Message);
    }

    private void Report(string code, long seq, string detail) =>
        _violations.TryAdd(code, new Violation(code, customer, seq, detail));
}
