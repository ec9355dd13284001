using Lifecycle.Engine.Store;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres;

/// <summary>The locks of <see cref="IStore.LockAsync"/> for several processes: those of sessions.</summary>
/// <remarks>
/// The callers of one process wait for each other here, so that at most one of them waits in the server for a lock. A
/// connection has the locks of one caller and its pool serves nothing else: who holds a lock and needs other connections
/// to get on never waits for one who waits for the lock.
/// </remarks>
internal sealed class SharedStripes(PostgresConnections connections)
{
    private readonly StripeLocks _own = new();

    public async Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel)
    {
        var patience = TimeSpan.FromSeconds(connections.Options.StatementSecondsMax);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        IAsyncDisposable? own = null;
        NpgsqlConnection? connection = null;
        try
        {
            own = await _own.LockAsync(stripes, limit.Token);
            connection = await connections.Stripes.OpenConnectionAsync(limit.Token);
            foreach (var stripe in stripes)
            {
                await connection.ExecuteAsync(
                    "select pg_advisory_lock($1)", limit.Token, Of(connections.Locks.Stripe(stripe)));
            }

            return new Held(own, connection);
        }
        catch (Exception e)
        {
            if (connection is not null) await ReturnAsync(connection);
            if (own is not null) await own.DisposeAsync();
            cancel.ThrowIfCancellationRequested();
            if (e is OperationCanceledException || PostgresErrors.StateOf(e) == PostgresErrorCodes.QueryCanceled)
            {
                throw new StoreException(
                    $"The locks of a merge were held by others for {patience.TotalSeconds} s (StatementSecondsMax). " +
                    "Nothing was merged: try again.", e);
            }

            if (PostgresErrors.IsFailure(e)) throw connections.Explain(e);
            throw;
        }
    }

    private static async Task ReturnAsync(NpgsqlConnection connection)
    {
        await connection.EndSessionLocksAsync();
        await connection.DisposeAsync();
    }

    private sealed class Held(IAsyncDisposable own, NpgsqlConnection connection) : IAsyncDisposable
    {
        private int _disposed;

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
            await ReturnAsync(connection);
            await own.DisposeAsync();
        }
    }
}
