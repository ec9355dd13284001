using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Store;

internal sealed class MemoryProjection(MemoryDisk disk, Weather weather, int writer) : IProjection
{
    // As this process knows its row: null before it has one.
    private long? _writes;
    private long _watermark;

    public async Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel)
    {
        var writes = await MeetAsync(StoreCall.Project, table => Write(table, rows, watermark), cancel);
        (_writes, _watermark) = (writes, watermark);
    }

    public Task<long> ReadWatermarkAsync(CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, table => table.Watermark, cancel);

    public async Task<long?> ClaimAsync(CancellationToken cancel)
    {
        (var from, _watermark, _writes) = await MeetAsync(StoreCall.Project, Claim, cancel);
        return from;
    }

    public Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, table => table.Rows.GetValueOrDefault(customer), cancel);

    public Task<IReadOnlyList<CustomerRow>> ReadAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) =>
        ListAsync(
            table => customers.Distinct().Select(key => table.Rows.GetValueOrDefault(key)).OfType<CustomerRow>(),
            cancel);

    public Task<IReadOnlyList<CustomerRow>> ListAsync(RowQuery query, CancellationToken cancel)
    {
        var sign = query.Descending ? -1 : 1;
        return ListAsync(
            table => table.Rows.Values
                .Where(row => query.Stage is null || row.Stage == query.Stage)
                .Where(row => query.AvailableMin is not { } least || row.Available >= least)
                .Select(row => (Row: row, Place: (RowQuery.ValueOf(row, query.Column), row.Customer)))
                .Where(one => query.After is not { } after || sign * one.Place.CompareTo(after) > 0)
                .Order(Comparer<(CustomerRow Row, (long, CustomerKey) Place)>.Create(
                    (a, b) => sign * a.Place.CompareTo(b.Place)))
                .Take(query.Limit).Select(one => one.Row),
            cancel);
    }

    public Task<IReadOnlyList<CustomerKey>> ReadDueAsync(
        Instant until, int limit, KeyShare share, CancellationToken cancel) =>
        ListAsync(
            table => table.Rows.Values
                .Where(row => row.DueAt != Instant.Never && row.DueAt <= until && share.Contains(row.Customer))
                .OrderBy(row => row.DueAt).Take(limit).Select(row => row.Customer),
            cancel);

    public Task<IReadOnlyList<CustomerRow>> ScanAsync(CustomerKey? after, int limit, CancellationToken cancel) =>
        ListAsync(table => From(table, after).Take(limit), cancel);

    public Task<IReadOnlyList<StoredState>> ScanStatesAsync(CustomerKey? after, int limit, CancellationToken cancel) =>
        ListAsync(table => From(table, after).Take(limit).Select(row => row.Stored), cancel);

    public Task<long> CountAsync(CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, table => (long)table.Rows.Count, cancel);

    public Task WriteDueAsync(IReadOnlyList<DueRow> rows, CancellationToken cancel) => ChangeAsync(
        table =>
        {
            foreach (var row in rows)
                if (table.Rows.TryGetValue(row.Customer, out var stored) && stored.Seq == row.Seq)
                    table.Rows[row.Customer] = stored with { DueAt = row.DueAt };
        },
        cancel);

    public Task<string> ReadSweptAsync(CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, table => table.Swept, cancel);

    public Task WriteSweptAsync(string mark, CancellationToken cancel) =>
        ChangeAsync(table => table.Swept = mark, cancel);

    /// <summary>Newer rows replace older ones; only after the last write that this process knows of.</summary>
    private long Write(ProjectionTable table, IReadOnlyList<CustomerRow> rows, long watermark)
    {
        var writes = _writes ?? 0;
        if (_writes is not null && table.Watermarks[writer].Writes != writes)
            throw new StoreException("What was written last is not what is there; it is made anew.");
        disk.Write(changed =>
        {
            foreach (var row in rows)
                if (!changed.Rows.TryGetValue(row.Customer, out var stored) || row.Replaces == VersionOf(stored) ||
                    disk.Replaces(stored, row))
                    changed.Rows[row.Customer] = row with { Replaces = null };
            changed.Watermarks[writer] = (watermark, writes + 1);
        });
        return writes + 1;
    }

    /// <summary>
    /// Of a table that nobody has written to, everything; of writers that are gone, what they left; and what this one
    /// wrote or took over without learning of it. Nobody is gone who may have a commit under way.
    /// </summary>
    private (long? From, long Mark, long Writes) Claim(ProjectionTable table)
    {
        var gone = table.Watermarks.Keys.Where(other => other != writer && !disk.Writers.Contains(other) && !disk.IsInDoubt)
            .ToArray();
        long? from = gone.Length > 0 ? gone.Min(other => table.Watermarks[other].Mark) : null;
        if (table.Watermarks.Count == 0) from = 0;
        var isKnown = table.Watermarks.TryGetValue(writer, out var own);
        if (isKnown && own.Writes != _writes) from = Math.Min(from ?? own.Mark, own.Mark);
        var mine = _writes is null ? disk.Feed.Count : _watermark;
        var (mark, writes) = (Math.Min(from ?? mine, mine), _writes ?? 0);
        // One that takes something over counts: should its answer be lost, the next one notices.
        if (from is not null) writes++;
        if (isKnown && from is null) return (from, mark, writes);
        disk.Write(changed =>
        {
            foreach (var other in gone) changed.Watermarks.Remove(other);
            changed.Watermarks[writer] = (mark, writes);
        });
        return (from, mark, writes);
    }

    private static RowVersion VersionOf(CustomerRow row) => new(row.Seq, row.Hash);

    private static IEnumerable<CustomerRow> From(ProjectionTable table, CustomerKey? after) =>
        table.Rows.Values.Where(row => after is null || row.Customer.CompareTo(after.Value) > 0);

    private Task<IReadOnlyList<T>> ListAsync<T>(Func<ProjectionTable, IEnumerable<T>> read, CancellationToken cancel) =>
        MeetAsync<IReadOnlyList<T>>(StoreCall.Read, table => [.. read(table)], cancel);

    private Task<bool> ChangeAsync(Action<ProjectionTable> transaction, CancellationToken cancel) => MeetAsync(
        StoreCall.Project,
        _ =>
        {
            disk.Write(transaction);
            return true;
        },
        cancel);

    private Task<T> MeetAsync<T>(StoreCall call, Func<ProjectionTable, T> act, CancellationToken cancel) =>
        weather.MeetAsync(
            call,
            () =>
            {
                lock (disk) return act(disk.Table);
            },
            cancel);
}
