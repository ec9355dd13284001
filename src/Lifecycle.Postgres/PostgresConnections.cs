using System.Security.Cryptography;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Npgsql;

namespace Lifecycle.Postgres;

/// <summary>
/// The pools of a store: what must be durable, the projection, what only reads, what is watched, and the locks of
/// merges.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    // One more than the lanes holds the store's lock, one takes batch numbers, two write beside the journal.
    private const int BesidesLanes = 4;

    // Rows are written by one, one more holds the writer's lock; the others read whole tables.
    private const int ProjectionConnections = 6;

    private const int WatchConnections = 1;

    // Merges at once, of a process that shares its store. More wait.
    private const int StripeConnections = 4;

    private readonly string _where;

    public PostgresConnections(PostgresOptions options)
    {
        Options = options;
        Locks = new StoreLocks(options.Schema);
        AliveLock = Locks.Writer(Writer);
        Journal = Sessions.Journal(options, options.Lanes + BesidesLanes, Committed.Forget, Enter);
        Projection = Sessions.Projection(options, ProjectionConnections);
        Reads = Sessions.Reads(options, options.ReadersMax);
        Watch = Sessions.Reads(options, WatchConnections);
        Stripes = Sessions.Locks(options, StripeConnections);
        var parsed = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        (Host, Database) = ($"{parsed.Host}:{parsed.Port}", parsed.Database!);
        _where = $"PostgreSQL {Database} at {Host}";
    }

    public PostgresOptions Options { get; }

    public CommittedRows Committed { get; } = new();

    public StoreLocks Locks { get; }

    /// <summary>This process, at random.</summary>
    public Guid Writer { get; } = new(RandomNumberGenerator.GetBytes(16));

    /// <summary>
    /// Shared by every session that can commit to the journal: whoever gets it alone knows that nothing of this process
    /// is under way in the server.
    /// </summary>
    public long AliveLock { get; }

    /// <summary>Statements for a new session that can commit, before it does; null for none.</summary>
    public Func<string?>? Registration { get; set; }

    public string Host { get; }

    public string Database { get; }

    public NpgsqlDataSource Journal { get; }

    public NpgsqlDataSource Projection { get; }

    public NpgsqlDataSource Reads { get; }

    /// <summary>For what is read all the time and must not stand in the line of the readers.</summary>
    public NpgsqlDataSource Watch { get; }

    public NpgsqlDataSource Stripes { get; }

    public StoreException Explain(Exception failure) => PostgresErrors.Explain(failure, _where);

    /// <summary>Reads; once more on another connection when the first was broken by a restart of the server.</summary>
    /// <exception cref="StoreException">The server failed.</exception>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancel)
    {
        try
        {
            return await UseAsync(Reads, read, cancel);
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e) && PostgresErrors.IsPassing(e))
        {
            cancel.ThrowIfCancellationRequested();
        }

        return await RunAsync(Reads, read, cancel);
    }

    /// <summary>Every row that the statement answers.</summary>
    /// <exception cref="StoreException">The server failed.</exception>
    public Task<List<T>> ReadAsync<T>(
        string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancel, params NpgsqlParameter[] values) =>
        ReadAsync(connection => connection.ReadAllAsync(sql, map, cancel, values), cancel);

    /// <summary>The same for a statement that may read a whole table.</summary>
    /// <exception cref="StoreException">The server failed.</exception>
    public Task<List<T>> ReadTableAsync<T>(
        string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancel, params NpgsqlParameter[] values) =>
        RunAsync(Projection, connection => connection.ReadAllAsync(sql, map, cancel, values), cancel);

    /// <summary>Runs the work on a connection of a pool.</summary>
    /// <exception cref="StoreException">The server failed.</exception>
    public async Task<T> RunAsync<T>(
        NpgsqlDataSource pool, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await UseAsync(pool, work, cancel);
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e))
        {
            throw Explain(e);
        }
    }

    /// <summary>
    /// Watches, on the caller's own thread, which waits: where those of the pool are all busy an answer that came by one
    /// of them would come seconds late.
    /// </summary>
    /// <exception cref="StoreException">The server failed.</exception>
    public T Look<T>(Func<NpgsqlConnection, T> look)
    {
        try
        {
            using var connection = Watch.OpenConnection();
            return look(connection);
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e))
        {
            throw Explain(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        await Stripes.DisposeAsync();
        await Reads.DisposeAsync();
        await Projection.DisposeAsync();
        await Journal.DisposeAsync();
    }

    private string Enter() => $"select pg_advisory_lock_shared({AliveLock}); {Registration?.Invoke()}";

    private static async Task<T> UseAsync<T>(
        NpgsqlDataSource pool, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await pool.OpenConnectionAsync(cancel);
        return await work(connection);
    }
}
