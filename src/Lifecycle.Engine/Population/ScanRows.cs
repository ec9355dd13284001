using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Population;

/// <summary>A page of customers in key order as the store holds them, each with their id and row where there are.</summary>
internal sealed class ScanRows
{
    private readonly IReadOnlyList<CustomerRow> _rows;
    private readonly IReadOnlyList<KnownId> _ids;

    private ScanRows(
        IReadOnlyList<CustomerKey> customers, IReadOnlyList<CustomerRow> rows, IReadOnlyList<KnownId> ids) =>
        (Customers, _rows, _ids) = (customers, rows, ids);

    /// <summary>From the journal itself: a row that is missing at the moment leaves nobody out.</summary>
    public IReadOnlyList<CustomerKey> Customers { get; }

    public static async Task<ScanRows> ReadAsync(
        IStore store, CustomerKey? after, int limit, CancellationToken cancel)
    {
        // In this order: the page of keys then holds every row that is not past its end.
        var rows = await store.Projection.ScanAsync(after, limit, cancel);
        var customers = await store.Journal.ReadCustomersAsync(after, limit, cancel);
        return customers.Count == 0
            ? new([], [], [])
            : new(customers, rows, await store.Registry.ReadIdsAsync(customers[0], customers[^1], cancel));
    }

    /// <summary>All three are in key order, so that one pass brings them together.</summary>
    public IEnumerator<(CustomerKey Customer, string? Id, CustomerRow? Row)> GetEnumerator()
    {
        var (row, id) = (0, 0);
        foreach (var customer in Customers)
        {
            while (row < _rows.Count && _rows[row].Customer.CompareTo(customer) < 0) row++;
            while (id < _ids.Count && _ids[id].Customer.CompareTo(customer) < 0) id++;
            yield return (
                customer, id < _ids.Count && _ids[id].Customer == customer ? _ids[id].Id : null,
                row < _rows.Count && _rows[row].Customer == customer ? _rows[row] : null);
        }
    }
}
