using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Folds customers from the store: the snapshot and the journal's tail, or the whole journal.</summary>
/// <param name="store">Where they are.</param>
/// <param name="useless">Told of a customer whose stored row is of no use: the head that belongs there.</param>
/// <param name="turns">Where reads run; null for the thread pool.</param>
public sealed class HeadLoader(
    IStore store, Action<CustomerKey, Head, RowVersion>? useless = null, TaskScheduler? turns = null)
{
    /// <summary>Rows read at a time.</summary>
    private const int PageSize = 1_000;

    private readonly CustomerLoads _loads = new(store, turns ?? TaskScheduler.Default);

    /// <summary>
    /// The committed head. A snapshot of another history, of another format or damaged is ignored and the journal
    /// folded; <see cref="CodecException"/> when the journal itself cannot be.
    /// </summary>
    public async Task<Head> LoadAsync(CustomerKey customer, CancellationToken cancel)
    {
        var (_, row, rows) = await _loads.LoadAsync(customer, cancel);
        var more = rows.Count == CustomerLoads.RowsMax;
        if (row is not null)
        {
            if (Decode(row) is { } snapshot && rows is [var at, ..] &&
                at.Seq == snapshot.Seq && at.Hash == snapshot.Hash)
                return await FoldAsync(
                    customer, snapshot with { Position = at.Position }, [.. rows.Skip(1)], more, cancel);
            rows = await store.Journal.ReadAsync(customer, 1, PageSize, cancel);
            more = rows.Count == PageSize;
        }

        var head = await FoldAsync(customer, Head.Empty, rows, more, cancel);
        // It stays until the right one takes its place: without a row a customer would never be due.
        if (row is not null) useless?.Invoke(customer, head, new(row.Seq, row.Hash));
        return head;
    }

    /// <summary>The same from a head that was committed once, where the journal still knows it.</summary>
    public async Task<Head> LoadAsync(CustomerKey customer, Head known, CancellationToken cancel)
    {
        IReadOnlyList<JournalRow> rows;
        using (var span = EngineTrace.Begin(EngineTrace.Load))
        {
            span?.SetTag(EngineTrace.Customers, 1);
            rows = await store.Journal.ReadAsync(customer, known.Seq, PageSize, cancel);
        }

        return rows is [var at, ..] && at.Seq == known.Seq && at.Hash == known.Hash
            ? await FoldAsync(
                customer, known with { Position = at.Position }, [.. rows.Skip(1)], rows.Count == PageSize, cancel)
            : await LoadAsync(customer, cancel);
    }

    /// <summary>The customer as of an instant, by the entries recorded up to another.</summary>
    public async Task<PastHead> LoadAsync(
        CustomerKey customer, Instant asOf, Instant knownAt, CancellationToken cancel)
    {
        var head = Head.Empty;
        CustomerState? facts = null;
        LateFacts? late = null;
        var known = 0L;
        await foreach (var row in ReadAsync(customer, cancel))
        {
            if (row.RecordedAt > knownAt) break;
            known = row.Seq;
            if (row.At <= asOf)
            {
                head = Chain.Follow(head, row);
                continue;
            }

            // Without an entry decided by then there is nothing to see, and nothing to place facts in.
            if (head.Seq == 0) break;
            late ??= new(head.Seq, asOf);
            facts = Evolver.Restate(facts ?? head.State, row.Seq, late.Of(EntryCodec.Decode(row)), asOf);
        }

        return new(head, facts ?? head.State, known);
    }

    /// <summary>The last seq up to a maximum whose row holds, of a condition that later rows do not regain.</summary>
    public async Task<long> LastSeqAsync(
        CustomerKey customer, long seqMax, Func<JournalRow, bool> holds, CancellationToken cancel)
    {
        var (low, high) = (0L, seqMax);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (await store.Journal.ReadAsync(customer, middle, 1, cancel) is [var row] && holds(row)) low = middle;
            else high = middle - 1;
        }

        return low;
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

/// <summary>A customer as of an instant.</summary>
/// <param name="Head">After the last entry that was decided by then: points and stage.</param>
/// <param name="Facts">The same with the facts that had occurred by then and were recorded later: metrics.</param>
/// <param name="KnownSeq">The last entry that was known.</param>
public sealed record PastHead(Head Head, CustomerState Facts, long KnownSeq);
