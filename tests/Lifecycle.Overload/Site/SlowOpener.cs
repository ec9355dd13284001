using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Overload.Site;

/// <summary>Takes the place of the one that opens the embedded store, and gives it a journal that is slow.</summary>
internal sealed class SlowOpener(Slowness slowness) : IStoreOpener
{
    private readonly SqliteOpener _inner = new();

    public string Name => _inner.Name;

    public async Task<IStore> OpenAsync(
        EngineSettings settings, TimeProvider time, ILoggerFactory logs, CancellationToken cancel)
    {
        var store = await _inner.OpenAsync(settings, time, logs, cancel);
        return new WrappedStore(store, new SlowJournal(store.Journal, slowness));
    }
}
