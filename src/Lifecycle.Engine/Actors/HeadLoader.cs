using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Folds customers from the store: the snapshot and the journal's tail, or the whole journal.</summary>
/// <param name="store">Where they are.</param>
/// <param name="replaced">
/// Told the head of a customer whose stored row was dropped; null when nothing is to be dropped.
/// </param>
public sealed class HeadLoader(IStore store, Action<CustomerKey, Head>? replaced = null)
{
    /// <summary>Rows read at a time.</summary>
    private const int PageSize = 1_000;

    /// <summary>
    /// The committed head. A snapshot of another history, of another format or damaged is ignored and the journal
    /// folded; <see cref="CodecException"/> when the journal itself cannot be.
    /// </summary>
    public async Task<Head> LoadAsync(CustomerKey customer, CancellationToken cancel)
    {
        var row = await ReadSnapshotAsync(customer, cancel);
        if (row is not null && Decode(row) is { } snapshot)
        {
            var tail = await store.Journal.ReadAsync(customer, snapshot.Seq, PageSize, cancel);
            if (tail.Count > 0 && tail[0].Seq == snapshot.Seq && tail[0].Hash == snapshot.Hash)
                return await FoldAsync(
                    customer, snapshot with { Position = tail[0].Position }, [.. tail.Skip(1)],
                    tail.Count == PageSize, cancel);
        }

        var rows = await store.Journal.ReadAsync(customer, 1, PageSize, cancel);
        var head = await FoldAsync(customer, Head.Empty, rows, rows.Count == PageSize, cancel);
        // Dropped, not overwritten: a row of a longer history that was lost would outlive every shorter one.
        if (row is not null && replaced is not null && await DropAsync(customer, cancel) && head.Seq > 0)
            replaced(customer, head);
        return head;
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

    /// <summary>The head as of the entries committed up to a position, folded from the first one.</summary>
    /// <exception cref="CodecException">The journal of the customer cannot be folded that far.</exception>
    public async Task<Head> LoadAsync(CustomerKey customer, long position, CancellationToken cancel)
    {
        var head = Head.Empty;
        await foreach (var row in ReadAsync(customer, cancel))
        {
            if (row.Position > position) break;
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

    /// <summary>A cache that fails is one that has nothing: the journal is folded.</summary>
    private async Task<CustomerRow?> ReadSnapshotAsync(CustomerKey customer, CancellationToken cancel)
    {
        try
        {
            return await store.Projection.ReadAsync(customer, cancel);
        }
        catch (StoreException)
        {
            return null;
        }
    }

    private async Task<bool> DropAsync(CustomerKey customer, CancellationToken cancel)
    {
        try
        {
            await store.Projection.DropAsync(customer, cancel);
            return true;
        }
        catch (StoreException)
        {
            // It is judged again at the next activation.
            return false;
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
