using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres;

/// <summary>Writes what is kept beside the journal, for as long as this process owns the store.</summary>
internal sealed class DurableWriter(PostgresConnections connections, Func<StoreIdentity> identity, StoreLocks locks)
{
    private const int DeadlocksMax = 3;

    /// <summary>
    /// One durable transaction. A cancelled call has done nothing; one that has begun is not cancelled.
    /// </summary>
    /// <exception cref="StoreException">It was not committed, or nobody knows because the answer was lost.</exception>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return connections.RunAsync(connections.Journal, RunAsync, CancellationToken.None);

        async Task<T> RunAsync(NpgsqlConnection connection)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await TransactAsync(connection);
                }
                catch (PostgresException e) when (
                    e.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < DeadlocksMax)
                {
                    // Rolled back by the server; the other one went on.
                }
            }
        }

        async Task<T> TransactAsync(NpgsqlConnection connection)
        {
            var me = identity();
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await using (var guard = connection.CreateBatch()
                .Add("select pg_advisory_xact_lock_shared($1)", Of(locks.Writes))
                .Add("select check_owner($1, $2)", Of(me.Owner), Of(me.Epoch)))
            {
                await guard.ExecuteNonQueryAsync(CancellationToken.None);
            }

            var result = await work(connection);
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
    }
}
