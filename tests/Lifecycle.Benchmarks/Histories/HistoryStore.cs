using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Benchmarks.Histories;

/// <summary>
/// A store in which every customer there could be has one of some histories: a million customers of eight entries each
/// would else have to be written before anything is measured. The rows are real; customer and chain are made theirs.
/// </summary>
internal sealed class HistoryStore(IStore store, IReadOnlyList<JournalRow[]> histories) : IStore
{
    public IJournal Journal => store.Journal;

    public IProjection Projection => store.Projection;

    public IRegistry Registry => store.Registry;

    public IQuarantine Quarantine => store.Quarantine;

    public bool IsShared => store.IsShared;

    public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<StoredCustomer>>(
            [.. customers.Select(key => new StoredCustomer(key, null, RowsOf(key)))]);

    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) => store.ConfirmOwnershipAsync(cancel);

    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        store.LockAsync(stripes, cancel);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private JournalRow[] RowsOf(CustomerKey customer)
    {
        var history = histories[(int)((uint)customer.GetHashCode() % (uint)histories.Count)];
        var rows = new JournalRow[history.Length];
        var prev = Hash16.Zero;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = history[i] with { Customer = customer, Prev = prev };
            prev = Chain.HashOf(row);
            rows[i] = row with { Hash = prev };
        }

        return rows;
    }
}
