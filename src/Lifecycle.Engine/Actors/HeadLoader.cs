using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Folds customers from the store: the snapshot and the journal's tail, or the whole journal.</summary>
public sealed class HeadLoader(IStore store)
{
    /// <summary>Rows read at a time.</summary>
    private const int PageSize = 1_000;

    /// <summary>
    /// The committed head. A snapshot of another history, of another format or damaged is ignored and the journal
    /// folded; <see cref="CodecException"/> when the journal itself cannot be.
    /// </summary>
    public async Task<Head> LoadAsync(CustomerKey customer, CancellationToken cancel)
    {
        var row = await store.Projection.ReadAsync(customer, cancel);
        if (row is not null && Decode(row) is { } snapshot)
        {
            var rows = await store.Journal.ReadAsync(customer, snapshot.Seq, PageSize, cancel);
            if (rows.Count > 0 && rows[0].Seq == snapshot.Seq && rows[0].Hash == snapshot.Hash)
                return await FoldAsync(customer, snapshot, [.. rows.Skip(1)], rows.Count == PageSize, cancel);
        }

        return await FoldAsync(
            customer, Head.Empty, await store.Journal.ReadAsync(customer, 1, PageSize, cancel), more: true, cancel);
    }

    /// <summary>The head as of the entries decided up to one instant and recorded up to another.</summary>
    public async Task<Head> LoadAsync(CustomerKey customer, Instant asOf, Instant knownAt, CancellationToken cancel)
    {
        var head = Head.Empty;
        await foreach (var row in ReadAsync(customer, cancel))
        {
            if (row.At > asOf || row.RecordedAt > knownAt) break;
            head = Chain.Follow(head, row);
        }

        return head;
    }

    /// <summary>Every row of a customer, oldest first.</summary>
    public async IAsyncEnumerable<JournalRow> ReadAsync(
        CustomerKey customer, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        for (var from = 1L; ; from += PageSize)
        {
            var rows = await store.Journal.ReadAsync(customer, from, PageSize, cancel);
            foreach (var row in rows) yield return row;
            if (rows.Count < PageSize) yield break;
        }
    }

    private async Task<Head> FoldAsync(
        CustomerKey customer, Head head, IReadOnlyList<JournalRow> rows, bool more, CancellationToken cancel)
    {
        while (true)
        {
            foreach (var row in rows) head = Chain.Follow(head, row);
            if (!more || rows.Count == 0) return head;
            rows = await store.Journal.ReadAsync(customer, head.Seq + 1, PageSize, cancel);
            more = rows.Count == PageSize;
        }
    }

    private static Head? Decode(CustomerRow row)
    {
        try
        {
            return SnapshotCodec.Decode(row);
        }
        catch (CodecException)
        {
            return null;
        }
    }
}
