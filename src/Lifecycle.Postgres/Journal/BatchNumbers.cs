using Lifecycle.Postgres.Schema;
using Npgsql;

namespace Lifecycle.Postgres.Journal;

/// <summary>
/// Numbers of batches, taken from the database in blocks. They rise within a process and roughly over all, which keeps
/// the index that the feed is read by growing at its right end.
/// </summary>
internal sealed class BatchNumbers(PostgresConnections connections) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _next;
    private long _end;

    public void Dispose() => _turn.Dispose();

    /// <exception cref="NpgsqlException">The server failed; no number was taken.</exception>
    public async Task<long> NextAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_next == _end)
            {
                await using var connection = await connections.Journal.OpenConnectionAsync();
                _next = (await connection.ReadAllAsync(
                    "select nextval('batches')", r => r.GetInt64(0), CancellationToken.None))[0];
                _end = _next + PostgresSchema.BatchBlock;
            }

            return _next++;
        }
        finally
        {
            _turn.Release();
        }
    }
}
