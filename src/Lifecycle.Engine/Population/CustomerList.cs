using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Population;

/// <summary>
/// Customers in pages, for people who look for one or go through some. Chosen and ordered by the table's rows, which
/// are at most about a second old, and shown as of now.
/// </summary>
public sealed class CustomerList
{
    /// <summary>Customers in one page.</summary>
    public const int LimitMax = 200;

    /// <summary>Ids that one answer goes through in search of customers; then the page is short.</summary>
    public const int IdsMax = 10_000;

    /// <summary>Ids with one beginning that can be put in another order than their own.</summary>
    public const int SortedMax = 5_000;

    private const int ChunkMax = 500;

    private readonly IStore _store;
    private readonly ProgramBook _programs;
    private readonly Gate _gate;
    private readonly TimeProvider _time;
    private readonly HeadLoader _loader;

    internal CustomerList(IStore store, ProgramBook programs, Gate gate, TimeProvider time)
    {
        (_store, _programs, _gate, _time) = (store, programs, gate, time);
        _loader = new HeadLoader(store);
    }

    /// <param name="cursor">From an earlier page of the same list; null for the first.</param>
    /// <exception cref="ArgumentException">
    /// The cursor is not one of this list, or the prefix has too many ids for the order; its name is in it.
    /// </exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="UnavailableException">This process has lost its lease on the journal.</exception>
    public Task<ListPage> ReadAsync(ListQuery query, string? cursor, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LimitMax);
        _gate.EnsureOpen();
        var after = cursor is null ? null : ListCursor.Parse(cursor, query) ?? throw new ArgumentException(
            "must be the next_cursor of a page of the same list", nameof(cursor));
        if (query.Order.Column is not { } column) return ReadByIdAsync(query, after, cancel);
        return query.Prefix.Length == 0
            ? ReadByColumnAsync(query, column, after, cancel)
            : ReadFoundAsync(query, column, after, cancel);
    }

    private async Task<ListPage> ReadByIdAsync(ListQuery query, ListCursor? after, CancellationToken cancel)
    {
        var asOf = Now;
        var page = new List<ListedCustomer>();
        var last = after is null ? null : new KnownId(after.Id, after.Customer);
        for (var seen = 0; seen < IdsMax; seen += ChunkMax)
        {
            var ids = await _store.Registry.FindIdsAsync(query.Prefix, last, ChunkMax, cancel);
            var rows = await RowsAsync(ids, cancel);
            foreach (var id in ids)
            {
                if (page.Count == query.Limit) return new(page, CursorAt(query, 0, last!), asOf);
                last = id;
                if (rows.TryGetValue(id.Customer, out var row) && Chosen(query, row)
                    && await ViewAsync(query, row, asOf, cancel) is { } view)
                    page.Add(new(id.Id, view));
            }

            if (ids.Count < ChunkMax) return new(page, null, asOf);
        }

        return new(page, CursorAt(query, 0, last!), asOf);
    }

    private async Task<ListPage> ReadByColumnAsync(
        ListQuery query, RowColumn column, ListCursor? after, CancellationToken cancel)
    {
        var rows = await _store.Projection.ListAsync(
            new(column, query.Order.Descending, query.Stage, query.AvailableMin,
                after is null ? null : (after.Value, after.Customer), query.Limit),
            cancel);
        return await PageAsync(query, column, rows, cancel);
    }

    /// <summary>Few enough to be put in order here: their ids are in one file and their rows in another.</summary>
    private async Task<ListPage> ReadFoundAsync(
        ListQuery query, RowColumn column, ListCursor? after, CancellationToken cancel)
    {
        var ids = await _store.Registry.FindIdsAsync(query.Prefix, null, SortedMax + 1, cancel);
        if (ids.Count > SortedMax)
        {
            throw new ArgumentException(
                $"begins more than {SortedMax} ids: make it longer, or sort by id", nameof(query));
        }

        var found = new List<CustomerRow>();
        foreach (var chunk in ids.Chunk(ChunkMax))
            found.AddRange((await RowsAsync(chunk, cancel)).Values.Where(row => Chosen(query, row)));
        var sign = query.Order.Descending ? -1 : 1;
        found.Sort((a, b) => sign * Compare(column, a, RowQuery.ValueOf(b, column), b.Customer));
        var rows = found
            .Where(row => after is null || sign * Compare(column, row, after.Value, after.Customer) > 0)
            .Take(query.Limit).ToList();
        return await PageAsync(query, column, rows, cancel);
    }

    private async Task<ListPage> PageAsync(
        ListQuery query, RowColumn column, IReadOnlyList<CustomerRow> rows, CancellationToken cancel)
    {
        var asOf = Now;
        // Who has no id any more was erased, and is in no list for people.
        var ids = await _store.Registry.ReadIdsAsync([.. rows.Select(row => row.Customer)], cancel);
        var page = new List<ListedCustomer>(rows.Count);
        foreach (var row in rows)
        {
            if (ids.TryGetValue(row.Customer, out var id) && await ViewAsync(query, row, asOf, cancel) is { } view)
                page.Add(new(id, view));
        }

        var cursor = rows.Count == query.Limit
            ? CursorAt(query, RowQuery.ValueOf(rows[^1], column), new("", rows[^1].Customer))
            : null;
        return new(page, cursor, asOf);
    }

    private Instant Now => Instant.From(_time.GetUtcNow());

    private static string CursorAt(ListQuery query, long value, KnownId last) =>
        new ListCursor(ListCursor.QueryOf(query), value, last.Customer, last.Id).ToString();

    private static int Compare(
        RowColumn column, CustomerRow row, long value, CustomerKey customer) =>
        RowQuery.ValueOf(row, column).CompareTo(value) is var order and not 0
            ? order
            : row.Customer.CompareTo(customer);

    private static bool Chosen(ListQuery query, CustomerRow row) =>
        (query.Stage is null || row.Stage == query.Stage) &&
        (query.AvailableMin is not { } min || row.Available >= min);

    private async Task<Dictionary<CustomerKey, CustomerRow>> RowsAsync(
        IReadOnlyCollection<KnownId> ids, CancellationToken cancel) =>
        (await _store.Projection.ReadAsync([.. ids.Select(id => id.Customer).Distinct()], cancel))
            .ToDictionary(row => row.Customer);

    /// <summary>Null for one who is no customer, or who does not fit any more by what time alone has changed.</summary>
    private async Task<CustomerView?> ViewAsync(
        ListQuery query, CustomerRow row, Instant asOf, CancellationToken cancel)
    {
        if (await StateAsync(row, cancel) is not { } state || !CustomerScan.IsCustomer(state)) return null;
        var instant = Instant.Max(asOf, state.At);
        var view = Views.At(state, _programs.Until(instant), instant);
        return (query.Stage is null || view.Stage.Name == query.Stage) &&
            (query.AvailableMin is not { } min || view.Points.Available >= min) ? view : null;
    }

    /// <summary>
    /// Null for one whose journal is damaged too: their own page says so, and must not take the others' away.
    /// </summary>
    private async Task<CustomerState?> StateAsync(CustomerRow row, CancellationToken cancel)
    {
        if (CustomerScan.Decode(row.Stored) is { } stored) return stored;
        try
        {
            return (await _loader.LoadAsync(row.Customer, row.Position, cancel)).State;
        }
        catch (CodecException)
        {
            return null;
        }
    }
}
