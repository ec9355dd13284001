using System.Collections.Concurrent;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Tests.Support;

/// <summary>A real store whose journal fails or waits when a test says so.</summary>
/// <param name="inner">The store.</param>
/// <param name="owned">Whether disposing this one disposes it; two engines over one store share it.</param>
public sealed class TestStore(IStore inner, bool owned = true) : IStore
{
    public TestJournal Appends { get; init; } = new(inner.Journal);

    /// <summary>How many customers each read for an activation asked for.</summary>
    public ConcurrentQueue<int> Loads { get; } = new();

    /// <summary>What the store says of its ownership; the store's own word when null.</summary>
    public Func<bool>? Owned { get; set; }

    /// <summary>The store's own clock, where a test gives it one.</summary>
    public Func<Instant>? StoreClock { get; set; }

    public IJournal Journal => Appends;
    public IProjection Projection => inner.Projection;
    public IRegistry Registry => inner.Registry;
    public IQuarantine Quarantine => inner.Quarantine;
    public bool IsShared => inner.IsShared;

    public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel)
    {
        Loads.Enqueue(customers.Count);
        return Appends.ReadsFail
            ? Task.FromException<IReadOnlyList<StoredCustomer>>(new StoreException("The test's disk cannot be read."))
            : inner.LoadAsync(customers, rowsMax, cancel);
    }

    public async Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel)
    {
        var contact = Owned is null ? await inner.ConfirmOwnershipAsync(cancel) : new(Owned());
        return contact with { Clock = StoreClock?.Invoke() };
    }

    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        inner.LockAsync(stripes, cancel);

    public ValueTask DisposeAsync() => owned ? inner.DisposeAsync() : ValueTask.CompletedTask;
}
