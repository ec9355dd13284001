using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Overload.Site;

/// <summary>The embedded store with a journal that is slow.</summary>
internal sealed class SlowStore(IStore inner, Slowness slowness) : IStore
{
    public IJournal Journal { get; } = new SlowJournal(inner.Journal, slowness);

    public IProjection Projection => inner.Projection;

    public IRegistry Registry => inner.Registry;

    public IQuarantine Quarantine => inner.Quarantine;

    public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel) =>
        inner.LoadAsync(customers, rowsMax, cancel);

    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) => inner.ConfirmOwnershipAsync(cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>Takes the place of the one that opens the embedded store.</summary>
internal sealed class SlowOpener(Slowness slowness) : IStoreOpener
{
    private readonly SqliteOpener _inner = new();

    public string Name => _inner.Name;

    public async Task<IStore> OpenAsync(
        EngineSettings settings, TimeProvider time, ILoggerFactory logs, CancellationToken cancel) =>
        new SlowStore(await _inner.OpenAsync(settings, time, logs, cancel), slowness);
}
