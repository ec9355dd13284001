using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Store;

/// <summary>The store of one process over a disk, by the rules of the ports.</summary>
public sealed class MemoryStore : IStore
{
    private readonly MemoryDisk _disk;
    private readonly Weather _weather;
    private readonly StripeLocks _stripes = new();
    private readonly int _writer;

    public MemoryStore(MemoryDisk disk, Weather weather)
    {
        (_disk, _weather) = (disk, weather);
        lock (disk)
        {
            _writer = ++disk.LastWriter;
            disk.Writers.Add(_writer);
        }

        Journal = new MemoryJournal(disk, weather);
        Projection = new MemoryProjection(disk, weather, _writer);
        Registry = new MemoryRegistry(disk, weather);
        Quarantine = new MemoryQuarantine(disk, weather);
    }

    public IJournal Journal { get; }

    public IProjection Projection { get; }

    public IRegistry Registry { get; }

    public IQuarantine Quarantine { get; }

    public bool IsShared => false;

    /// <summary>What a contact answers; a process that was replaced is told so.</summary>
    public Func<StoreContact> Contact { get; init; } = () => new(true);

    public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel) =>
        _weather.MeetAsync<IReadOnlyList<StoredCustomer>>(
            StoreCall.Read,
            () =>
            {
                lock (_disk) return [.. customers.Select(customer => Load(customer, rowsMax))];
            },
            cancel);

    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) =>
        _weather.MeetAsync(StoreCall.Contact, Contact, cancel);

    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        _stripes.LockAsync(stripes, cancel);

    /// <summary>The process is gone, whether it closed the store or died.</summary>
    public void Close()
    {
        lock (_disk) _disk.Writers.Remove(_writer);
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private StoredCustomer Load(CustomerKey customer, int rowsMax)
    {
        var row = _disk.Table.Rows.GetValueOrDefault(customer);
        return new(customer, row, [.. _disk.RowsOf(customer).Skip((int)(row?.Seq ?? 1) - 1).Take(rowsMax)]);
    }
}
