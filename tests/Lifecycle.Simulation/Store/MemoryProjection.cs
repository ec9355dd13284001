using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Store;

internal sealed class MemoryProjection(MemoryDisk disk, Weather weather, int writer) : IProjection
{
    public Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel) => ChangeAsync(
        table =>
        {
            foreach (var row in rows)
                if (!table.Rows.TryGetValue(row.Customer, out var stored) || stored.Seq <= row.Seq)
                    table.Rows[row.Customer] = row;
            table.Watermarks[writer] = watermark;
        },
        cancel);

    public Task<long> ReadWatermarkAsync(CancellationToken cancel) => MeetAsync(
        StoreCall.Read, table => table.Watermarks.Count == 0 ? 0 : table.Watermarks.Values.Min(), cancel);

    public Task<long?> ClaimAsync(CancellationToken cancel) => MeetAsync(StoreCall.Project, Claim, cancel);

    public Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, table => table.Rows.GetValueOrDefault(customer), cancel);

    public Task<IReadOnlyList<CustomerRow>> ReadAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) =>
        ListAsync(table => customers.Distinct().Select(key => table.Rows.GetValueOrDefault(key)).OfType<CustomerRow>(), cancel);

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

    public Task<IReadOnlyList<CustomerKey>> ReadDueAsync(Instant until, int limit, CancellationToken cancel) => ListAsync(
        table => table.Rows.Values.Where(row => row.DueAt != Instant.Never && row.DueAt <= until)
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

    public Task DropAsync(CustomerKey customer, CancellationToken cancel) =>
        ChangeAsync(table => table.Rows.Remove(customer), cancel);

    /// <summary>Of a table that nobody has written to, everything; of writers that are gone, what they left.</summary>
    private long? Claim(ProjectionTable table)
    {
        var isNew = !table.Watermarks.ContainsKey(writer);
        var gone = table.Watermarks.Keys.Where(other => other != writer && !disk.Writers.Contains(other)).ToArray();
        var from = gone.Length > 0 ? gone.Min(other => table.Watermarks[other])
            : table.Watermarks.Count == 0 ? 0
            : (long?)null;
        if (from is null && !isNew) return null;
        var own = Math.Min(isNew ? disk.Feed.Count : table.Watermarks[writer], from ?? long.MaxValue);
        disk.Write(changed =>
        {
            foreach (var other in gone) changed.Watermarks.Remove(other);
            changed.Watermarks[writer] = own;
        });
        return from;
    }

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
