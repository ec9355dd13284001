using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Older entries that a decision must see, also those still on their way to the journal.</summary>
public sealed partial class CustomerActor
{
    /// <summary>Oldest first.</summary>
    private ValueTask<IReadOnlyList<Entry>> RecallAsync(Needs needs, Draft draft) =>
        needs.IsNothing ? new([]) : new(RecallSomeAsync(needs, draft));

    private async Task<IReadOnlyList<Entry>> RecallSomeAsync(Needs needs, Draft draft)
    {
        var found = new Dictionary<EntryRef, Entry>();
        var seqs = needs.Seqs.Concat(needs.Elsewhere.Where(e => e.Journal == Key.Value).Select(e => e.Seq)).ToHashSet();
        foreach (var entry in draft.Entries) Keep(entry, Key);
        foreach (var row in RowsInFlight()) Keep(EntryCodec.Decode(row), Key);
        if (needs.Order is not null)
        {
            foreach (var journal in Journals())
                await foreach (var row in _services.Loader.ReadAsync(journal, CancellationToken.None))
                    if (IsBeforeFork(row)) Keep(EntryCodec.Decode(row), journal);
        }
        else if (seqs.Where(seq => !found.ContainsKey(new(Key.Value, seq))).ToArray() is { Length: > 0 } missing)
        {
            foreach (var row in await _services.Store.Journal.ReadAsync(Key, missing, CancellationToken.None))
                Keep(EntryCodec.Decode(row), Key);
        }

        foreach (var journal in needs.Elsewhere.Where(e => e.Journal != Key.Value).GroupBy(e => e.Journal))
        {
            var rows = await _services.Store.Journal.ReadAsync(
                new CustomerKey(journal.Key), [.. journal.Select(e => e.Seq)], CancellationToken.None);
            foreach (var row in rows) found[new(journal.Key, row.Seq)] = EntryCodec.Decode(row);
        }

        return [.. found.OrderBy(pair => pair.Value.At).ThenBy(pair => pair.Key.Seq).Select(pair => pair.Value)];

        void Keep(Entry entry, CustomerKey journal)
        {
            if ((journal == Key && seqs.Contains(entry.Seq)) ||
                (needs.Order is { } order && entry.Effects.Any(e => IsOf(e, order)) && IsOurs(entry, order, journal)))
                found[new(journal.Value, entry.Seq)] = entry;
        }
    }

    /// <summary>
    /// What of the whole history belongs to an alias. It is folded as it is read: its memory does not grow with it.
    /// </summary>
    private async Task<SplitHistory> HistoryAsync(Hash16 alias, Draft draft)
    {
        var history = new SplitHistory(alias);
        foreach (var id in Parts.Under(draft.Head.State.Members, alias))
            await foreach (var row in _services.Loader.ReadAsync(new CustomerKey(id), CancellationToken.None))
                history.TakeElsewhere(EntryCodec.Decode(row), id);
        // First, so that what is committed meanwhile is in one of the two.
        var underWay = RowsInFlight();
        var first = underWay.Count > 0 ? underWay[0].Seq : draft.Rows.Count > 0 ? draft.Rows[0].Seq : long.MaxValue;
        await foreach (var row in _services.Loader.ReadAsync(Key, CancellationToken.None))
        {
            if (row.Seq >= first) break;
            history.Take(EntryCodec.Decode(row));
        }

        foreach (var row in underWay.Concat(draft.Rows)) history.Take(EntryCodec.Decode(row));
        return history;
    }

    private List<JournalRow> RowsInFlight()
    {
        lock (this) return [.. (_inFlight ?? []).SelectMany(submission => submission.Rows)];
    }

    /// <summary>Every journal that may hold entries of this customer.</summary>
    private IEnumerable<CustomerKey> Journals() => _head!.State.Members.Select(member => member.Key)
        .Concat(_head.State.Formers.Select(former => former.Key)).Append(Key.Value).Distinct()
        .Select(id => new CustomerKey(id));

    /// <summary>An order is of whom it was placed for; the journal may be of one they were one with.</summary>
    private bool IsOurs(Entry entry, OrderKey order, CustomerKey journal)
    {
        if (!entry.Effects.Any(effect => effect is Effect.OrderCounted placed && placed.Order == order)) return true;
        var owner = entry.Addressed ?? journal.Value;
        return owner == Key.Value || _head!.State.Members.Any(member => member.Key == owner);
    }

    private static bool IsOf(Effect effect, OrderKey order) => effect switch
    {
        Effect.OrderCounted placed => placed.Order == order,
        Effect.ReturnMatched returned => returned.Order == order,
        _ => false,
    };
}
