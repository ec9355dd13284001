using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Sqlite;

/// <summary>Opens the embedded store in the folder of the settings.</summary>
public sealed class SqliteOpener : IStoreOpener
{
    public string Name => "sqlite";

    public async Task<IStore> OpenAsync(
        EngineSettings settings, TimeProvider time, ILoggerFactory logs, CancellationToken cancel) =>
        await SqliteStore.OpenAsync(
            new SqliteOptions { Folder = settings.Folder }, time, logs.CreateLogger<SqliteStore>());
}
