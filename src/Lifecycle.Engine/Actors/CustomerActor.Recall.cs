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
        foreach (var entry in draft.Entries.Concat(RowsInFlight().Select(EntryCodec.Decode)))
            if (seqs.Contains(entry.Seq)) found[new(Key.Value, entry.Seq)] = entry;
        if (needs.Order is { } order)
        {
            foreach (var journal in Journals()) await FindAsync(order, journal, seqs, draft, found);
        }
        else if (seqs.Where(seq => !found.ContainsKey(new(Key.Value, seq))).ToArray() is { Length: > 0 } missing)
        {
            foreach (var row in await _services.Store.Journal.ReadAsync(Key, missing, CancellationToken.None))
                found[new(Key.Value, row.Seq)] = EntryCodec.Decode(row);
        }

        foreach (var journal in needs.Elsewhere.Where(e => e.Journal != Key.Value).GroupBy(e => e.Journal))
        {
            var rows = await _services.Store.Journal.ReadAsync(
                new CustomerKey(journal.Key), [.. journal.Select(e => e.Seq)], CancellationToken.None);
            foreach (var row in rows) found[new(journal.Key, row.Seq)] = EntryCodec.Decode(row);
        }

        return [.. found.OrderBy(pair => pair.Value.At).ThenBy(pair => pair.Key.Seq).Select(pair => pair.Value)];
    }

    /// <summary>
    /// The entries of an order in a journal, unless it is somebody else's: the journal may be of a former one.
    /// </summary>
    private async Task FindAsync(
        OrderKey order, CustomerKey journal, HashSet<long> seqs, Draft draft, Dictionary<EntryRef, Entry> found)
    {
        var owners = new OrderOwners();
        await foreach (var row in RowsAsync(journal, draft))
        {
            var entry = EntryCodec.Decode(row);
            owners.Take(entry);
            var isOf = entry.Effects.Any(effect => IsOf(effect, order)) && IsOurs(entry);
            if (isOf || (journal == Key && seqs.Contains(row.Seq))) found[new(journal.Value, row.Seq)] = entry;
        }

        bool IsOurs(Entry entry)
        {
            if (!entry.Effects.Any(effect => effect is Effect.OrderCounted of && of.Order == order)) return true;
            var owner = owners.OwnerOf(entry) ?? journal.Value;
            return owner == Key.Value || _head!.State.Members.Any(member => member.Key == owner);
        }
    }

    /// <summary>
    /// What of the whole history belongs to an alias. It is folded as it is read: its memory does not grow with it.
    /// </summary>
    private async Task<SplitHistory> HistoryAsync(Hash16 alias, Draft draft)
    {
        var history = new SplitHistory(Key.Value, alias);
        foreach (var journal in Journals().Where(journal => journal != Key))
            await foreach (var row in RowsAsync(journal, draft))
                history.TakeElsewhere(EntryCodec.Decode(row), journal.Value);
        await foreach (var row in RowsAsync(Key, draft)) history.Take(EntryCodec.Decode(row));
        return history;
    }

    /// <summary>Every row of a journal, oldest first; of the own also those on their way to it.</summary>
    private async IAsyncEnumerable<JournalRow> RowsAsync(CustomerKey journal, Draft draft)
    {
        // First, so that what is committed meanwhile is in one of the two.
        JournalRow[] underWay = journal == Key ? [.. RowsInFlight(), .. draft.Rows] : [];
        // What somebody else has written on is not of the history that is decided on.
        var first = journal != Key ? long.MaxValue : underWay is [var next, ..] ? next.Seq : _head!.Seq + 1;
        await foreach (var row in _services.Loader.ReadAsync(journal, CancellationToken.None))
        {
            if (row.Seq >= first) break;
            if (IsBeforeFork(row)) yield return row;
        }

        foreach (var row in underWay) yield return row;
    }

    private List<JournalRow> RowsInFlight()
    {
        lock (this) return [.. (_inFlight ?? []).SelectMany(submission => submission.Rows)];
    }

    /// <summary>Every journal that may hold entries of this customer.</summary>
    private IEnumerable<CustomerKey> Journals() => _head!.State.Members.Select(member => member.Key)
        .Concat(_head.State.Formers.Select(former => former.Key)).Append(Key.Value).Distinct()
        .Select(id => new CustomerKey(id));

    private static bool IsOf(Effect effect, OrderKey order) => effect switch
    {
        Effect.OrderCounted placed => placed.Order == order,
        Effect.ReturnMatched returned => returned.Order == order,
        _ => false,
    };
}
