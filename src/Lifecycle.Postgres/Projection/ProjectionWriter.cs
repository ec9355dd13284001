using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Journal;
using Microsoft.Extensions.Logging;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres.Projection;

/// <summary>
/// This process as a writer of the table: its row in <c>writers</c>, and the lock that says that it lives.
/// </summary>
/// <remarks>
/// The lock is shared by this writer's session and by every session that commits to the journal. So a writer that
/// another one finds gone has nothing under way in the server: all it committed can be read. One that was found gone
/// and lives (its sessions were cut, all at once) is registered anew by the session that it commits on next.
/// <para>
/// Rows are committed without waiting for the disk. A crash of the server may take the last of them, together with the
/// watermark of their transaction; but this process goes on and would move the watermark past what was lost. So each
/// write counts, and goes through only if the count in the table is that of the last one. Where it is not, nothing is
/// written until <see cref="ClaimAsync"/> has answered from where on the table is to be made anew.
/// </para>
/// </remarks>
internal sealed class ProjectionWriter : IAsyncDisposable
{
    /// <summary>As no write counts: where a session registers this writer, the next write or claim notices.</summary>
    private const long WritesUnknown = -1;

    /// <summary>Half a second; who is not gone by then is looked at again with the next claim.</summary>
    private const int OthersLooksMax = 25;

    private static readonly TimeSpan OthersDelay = TimeSpan.FromMilliseconds(20);

    private readonly PostgresConnections _connections;
    private readonly ILogger _logger;
    private readonly Guid _writer;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private NpgsqlConnection? _alive;

    // As this process knows its row: null before it has one.
    private long? _writes;
    private long _watermark;
    private bool _registered;
    private bool _closed;

    public ProjectionWriter(PostgresConnections connections, ILogger logger)
    {
        (_connections, _logger, _writer) = (connections, logger, connections.Writer);
        connections.Registration = Register;
    }

    /// <summary>One transaction: the rows and the watermark.</summary>
    public Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel) =>
        InTurnAsync(() => WriteInTurnAsync(rows, watermark), cancel);

    /// <summary>Registers this writer and takes over what others left; what it answers is durable.</summary>
    public Task<long?> ClaimAsync(CancellationToken cancel) => InTurnAsync(ClaimInTurnAsync, cancel);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _closed = true;
        await AwaitEndAsync();
        await DropAliveAsync();
        _turn.Release();
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
            cancel.ThrowIfCancellationRequested();
            return await work();
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e))
        {
            throw _connections.Explain(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> WriteInTurnAsync(IReadOnlyList<CustomerRow> rows, long watermark)
    {
        if (_writes is null) await RegisterAsync(watermark);
        var writes = _writes!.Value;
        await using var connection = await _connections.Projection.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = connection.CreateBatch().Add(
            "update writers set watermark = $1, writes = writes + 1 where writer = $2 and writes = $3", Of(watermark),
            Of(_writer), Of(writes));
        if (rows.Where(row => row.Replaces is not null).ToList() is { Count: > 0 } replacing)
            batch.Add(ProjectionRows.DeleteReplaced, ProjectionRows.ToReplaced(replacing));
        if (rows.Count > 0)
            batch.Add(ProjectionRows.Upsert, ProjectionRows.ToParameters(ProjectionRows.Sort(rows)));
        await batch.ExecuteNonQueryAsync();
        if (batch.BatchCommands[0].RecordsAffected == 0)
        {
            throw new StoreException(
                "The table of customers lost its last rows when the server failed; they are made anew.");
        }

        await transaction.CommitAsync();
        (_writes, _watermark) = (writes + 1, watermark);
        return true;
    }

    /// <summary>Whoever writes without having claimed anything: a row of its own, and nothing is taken over.</summary>
    private async Task RegisterAsync(long watermark)
    {
        var connection = await AliveAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await LockDurablyAsync(connection);
        await SetAsync(connection, watermark, 0);
        await transaction.CommitAsync();
        (_writes, _watermark) = (0, watermark);
        Volatile.Write(ref _registered, true);
    }

    private async Task<long?> ClaimInTurnAsync()
    {
        var connection = await AliveAsync();
        if (_writes is null && _connections.Options.Exclusive) await AwaitOthersAsync(connection);
        await using var transaction = await connection.BeginTransactionAsync();
        await LockDurablyAsync(connection);
        var head = (await connection.ReadAllAsync(
            PostgresJournal.ReadHead, r => r.GetInt64(0), CancellationToken.None))[0];
        var all = await connection.ReadAllAsync(
            "select writer, watermark, writes from writers", r => (Writer: r.GetGuid(0), Mark: r.GetInt64(1),
                Writes: r.GetInt64(2)), CancellationToken.None);
        // Its lock can be taken: nobody is there any more.
        var gone = await connection.ReadAllAsync(
            """
            delete from writers where writer <> $1 and pg_try_advisory_xact_lock(alive_lock)
            returning writer, watermark
            """,
            r => (Writer: r.GetGuid(0), Mark: r.GetInt64(1)), CancellationToken.None, Of(_writer));
        long? from = gone.Count > 0 ? gone.Min(w => w.Mark) : null;
        if (all.Count == 0) from = 0;
        var own = all.FindIndex(w => w.Writer == _writer);
        // What a crash took is what this process wrote after the count that the table has now.
        if (own >= 0 && all[own].Writes != _writes) from = Math.Min(from ?? long.MaxValue, all[own].Mark);
        var mine = _writes is null ? head : _watermark;
        var (mark, writes) = (Math.Min(from ?? mine, mine), _writes ?? 0);
        // A claim that takes something over counts as a write: should its answer be lost, the next one notices.
        if (from is not null) writes++;
        if (own < 0 || from is not null) await SetAsync(connection, mark, writes);
        await transaction.CommitAsync();
        (_watermark, _writes) = (mark, writes);
        Volatile.Write(ref _registered, true);
        foreach (var (left, position) in gone) PostgresLog.WriterAdopted(_logger, left.ToString("N"), position);
        return from;
    }

    /// <summary>
    /// The process before gave the store up, and its sessions end one by one: what it left is then taken over at once.
    /// </summary>
    private async Task AwaitOthersAsync(NpgsqlConnection connection)
    {
        for (var look = 0; look < OthersLooksMax; look++)
        {
            var left = await connection.ReadAllAsync(
                "select 1 from writers where writer <> $1 and not pg_try_advisory_xact_lock(alive_lock)",
                r => r.GetInt32(0), CancellationToken.None, Of(_writer));
            if (left.Count == 0) return;
            await Task.Delay(OthersDelay);
        }
    }

    /// <summary>One writer at a time looks at the others, and what it decides is on the disk before it acts.</summary>
    private async Task LockDurablyAsync(NpgsqlConnection connection)
    {
        await using var batch = connection.CreateBatch()
            .Add("set local synchronous_commit = on")
            .Add("select pg_advisory_xact_lock($1)", Of(_connections.Locks.Writers));
        await batch.ExecuteNonQueryAsync();
    }

    private Task<int> SetAsync(NpgsqlConnection connection, long watermark, long writes) => connection.ExecuteAsync(
        """
        insert into writers (writer, watermark, writes, alive_lock, host, process) values ($1, $2, $3, $4, $5, $6)
        on conflict (writer) do update set watermark = excluded.watermark, writes = excluded.writes
        """,
        CancellationToken.None, Of(_writer), Of(watermark), Of(writes), Of(_connections.AliveLock),
        Of(Environment.MachineName), Of(Environment.ProcessId));

    /// <summary>The connection whose session holds the lock; made again when it is gone.</summary>
    private async Task<NpgsqlConnection> AliveAsync()
    {
        try
        {
            if (_alive is not null)
            {
                await _alive.ExecuteAsync("select 1", CancellationToken.None);
                return _alive;
            }
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e))
        {
            await DropAliveAsync();
        }

        _alive = await _connections.Projection.OpenConnectionAsync();
        await _alive.ExecuteAsync(
            "select pg_advisory_lock_shared($1)", CancellationToken.None, Of(_connections.AliveLock));
        return _alive;
    }

    /// <summary>
    /// For a session that will commit: it has the lock, so if the row is missing now, this writer was taken for gone.
    /// </summary>
    private string? Register() => !Volatile.Read(ref _registered)
        ? null
        : $"""
        insert into writers (writer, watermark, writes, alive_lock, host, process)
        values ('{_writer}', {Volatile.Read(ref _watermark)}, {WritesUnknown}, {_connections.AliveLock},
            '{Environment.MachineName.Replace("'", "''", StringComparison.Ordinal)}', {Environment.ProcessId})
        on conflict (writer) do nothing
        """;

    /// <summary>Waits for the end of the sessions that were closed: the next claim finds this writer gone.</summary>
    private async Task AwaitEndAsync()
    {
        if (_alive is not { } connection) return;
        try
        {
            await connection.ExecuteAsync("set lock_timeout = '2s'", CancellationToken.None);
            await connection.ExecuteAsync(
                "select pg_advisory_lock($1)", CancellationToken.None, Of(_connections.AliveLock));
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e) || e is InvalidOperationException)
        {
            // Something is under way still: whoever claims later finds it.
        }
    }

    private async Task DropAliveAsync()
    {
        if (_alive is not { } connection) return;
        _alive = null;
        await connection.EndSessionLocksAsync();
        await connection.DisposeAsync();
    }
}
