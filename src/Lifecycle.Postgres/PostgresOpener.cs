using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Private;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Postgres;

/// <summary>
/// Opens the store in the database of <c>Lifecycle:Postgres</c>, or in a private server that it starts first and stops
/// last.
/// </summary>
internal sealed class PostgresOpener(IOptions<PostgresOptions> options, IOptions<PrivateServerOptions> server)
    : IStoreOpener, IAsyncDisposable
{
    private PrivateServer? _server;

    public string Name => "postgres";

    public async Task<IStore> OpenAsync(
        EngineSettings settings, TimeProvider time, ILoggerFactory logs, CancellationToken cancel)
    {
        var opened = options.Value;
        if (server.Value.Folder.Length > 0)
        {
            if (opened.ConnectionString.Length > 0)
            {
                throw new StoreException(
                    $"{PostgresServices.Section}:ConnectionString and {PostgresServices.PrivateSection}:Folder are both " +
                    "given. Give one: the database to use, or the folder of a server to start.");
            }

            _server = await PrivateServer.StartAsync(server.Value, cancel);
            opened.ConnectionString = _server.ConnectionString;
            var logger = logs.CreateLogger<PrivateServer>();
            _server.Ended += tail => PostgresLog.PrivateServerEnded(logger, tail);
        }

        return await PostgresStore.OpenAsync(opened, time, logs.CreateLogger<PostgresStore>(), cancel);
    }

    /// <summary>The container disposes the engine, and its store with it, before this.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is { } started) await started.DisposeAsync();
    }
}
