using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Postgres.Journal;

/// <summary>Takes batches, as many at once as there are lanes.</summary>
internal sealed class AppendLanes(
    PostgresConnections connections, Func<StoreIdentity> identity, StoreLocks locks, TimeProvider time, ILogger logger)
    : IDisposable
{
    private readonly SemaphoreSlim _free = new(connections.Options.Lanes, connections.Options.Lanes);

    public BatchNumbers Numbers { get; } = new(connections);

    public PostgresConnections Connections => connections;

    public PostgresOptions Options => connections.Options;

    /// <summary>As it is now: a process that joins a cluster gets another one.</summary>
    public StoreIdentity Identity => identity();

    public StoreLocks Locks => locks;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>A cancelled call has done nothing; a batch that is on its way is not cancelled.</summary>
    public async Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            cancel.ThrowIfCancellationRequested();
            using var buffer = new CopyBuffer();
            return await new Append(this, batch, buffer).RunAsync();
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        _free.Dispose();
        Numbers.Dispose();
    }
}
