using Lifecycle.Engine.Hosting;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Store;

/// <summary>Opens the store that the configuration names.</summary>
public interface IStoreOpener
{
    /// <summary>What the configuration calls it.</summary>
    string Name { get; }

    /// <exception cref="StoreException">It cannot be used; the message says why and what to do.</exception>
    Task<IStore> OpenAsync(EngineSettings settings, TimeProvider time, ILoggerFactory logs, CancellationToken cancel);
}
