using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Population;

/// <summary>A page of customers in key order as the store holds them, each with their id and state where there are.</summary>
internal sealed class ScanRows
{
    private readonly IReadOnlyList<StoredState> _states;
    private readonly IReadOnlyList<KnownId> _ids;

    private ScanRows(
        IReadOnlyList<CustomerKey> customers, IReadOnlyList<StoredState> states, IReadOnlyList<KnownId> ids) =>
        (Customers, _states, _ids) = (customers, states, ids);

    /// <summary>From the journal itself: a state that is missing at the moment leaves nobody out.</summary>
    public IReadOnlyList<CustomerKey> Customers { get; }

    public static async Task<ScanRows> ReadAsync(
        IStore store, CustomerKey? after, int limit, CancellationToken cancel)
    {
        // In this order: the page of keys then holds every state that is not past its end.
        var states = await store.Projection.ScanStatesAsync(after, limit, cancel);
        var customers = await store.Journal.ReadCustomersAsync(after, limit, cancel);
        return customers.Count == 0
            ? new([], [], [])
            : new(customers, states, await store.Registry.ReadIdsAsync(customers[0], customers[^1], cancel));
    }

    /// <summary>All three are in key order, so that one pass brings them together.</summary>
    public IEnumerator<(CustomerKey Customer, string? Id, StoredState? State)> GetEnumerator()
    {
        var (state, id) = (0, 0);
        foreach (var customer in Customers)
        {
            while (state < _states.Count && _states[state].Customer.CompareTo(customer) < 0) state++;
            while (id < _ids.Count && _ids[id].Customer.CompareTo(customer) < 0) id++;
            yield return (
                customer, id < _ids.Count && _ids[id].Customer == customer ? _ids[id].Id : null,
                state < _states.Count && _states[state].Customer == customer ? _states[state] : null);
        }
    }
}
