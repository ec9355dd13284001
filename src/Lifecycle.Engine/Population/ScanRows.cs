using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Population;

/// <summary>A page of customers in key order as the store holds them, with id and state where there are.</summary>
internal sealed class ScanRows
{
    private readonly IReadOnlyList<StoredState> _states;
    private readonly IReadOnlyList<KnownId> _ids;

    private ScanRows(
        IReadOnlyList<CustomerKey> customers, IReadOnlyList<StoredState> states, IReadOnlyList<KnownId> ids) =>
        (Customers, _states, _ids) = (customers, states, ids);

    /// <summary>From the journal itself: a state that is missing at the moment leaves nobody out.</summary>
    public IReadOnlyList<CustomerKey> Customers { get; }

    /// <summary>Begins to read a page. Its customers are known before the rest of it.</summary>
    public static (Task<IReadOnlyList<CustomerKey>> Customers, Task<ScanRows> Page) Begin(
        IStore store, CustomerKey? after, int limit, CancellationToken cancel)
    {
        // Off the caller's thread: reads of SQLite do not wait. Whichever of the two sees more: a state without a key
        // is of somebody who came after the cut, and one that is missing is folded.
        var states = Task.Run(() => store.Projection.ScanStatesAsync(after, limit, cancel), cancel);
        var customers = Task.Run(() => store.Journal.ReadCustomersAsync(after, limit, cancel), cancel);
        return (customers, JoinAsync(store, customers, states, cancel));
    }

    private static async Task<ScanRows> JoinAsync(
        IStore store, Task<IReadOnlyList<CustomerKey>> customers, Task<IReadOnlyList<StoredState>> states,
        CancellationToken cancel)
    {
        await Task.WhenAll(customers, states);
        var keys = await customers;
        return keys.Count == 0
            ? new([], [], [])
            : new(keys, await states, await store.Registry.ReadIdsAsync(keys[0], keys[^1], cancel));
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
