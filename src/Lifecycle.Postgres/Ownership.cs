using System.Globalization;
using System.Security.Cryptography;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres;

/// <summary>
/// Who may write. A lock of a session, held on a connection of its own, keeps a second process from starting and goes
/// when the process does, however it ends. The token in <c>meta</c>, which every commit looks at, keeps one that lost
/// the lock from writing on. A process that shares the store shares the lock, and there is no token until it joins a
/// cluster: then it is that of its row in <c>members</c>.
/// </summary>
internal sealed class Ownership : IAsyncDisposable
{
    private const int RegainAttemptsMax = 10;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly PostgresConnections _connections;
    private readonly StoreLocks _locks;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private NpgsqlConnection? _connection;
    private Backend? _backend;
    private volatile StoreIdentity? _identity;
    private bool _closed;

    private Ownership(PostgresConnections connections, StoreLocks locks, TimeProvider time, ILogger logger)
    {
        _connections = connections;
        _locks = locks;
        _time = time;
        _logger = logger;
    }

    /// <summary>What each commit says of itself.</summary>
    public StoreIdentity Identity => _identity!;

    private bool IsExclusive => _connections.Options.Exclusive;

    /// <exception cref="StoreException">Another process has the store.</exception>
    public static async Task<Ownership> TakeAsync(
        PostgresConnections connections, StoreLocks locks, TimeProvider time, ILogger logger, CancellationToken cancel)
    {
        var ownership = new Ownership(connections, locks, time, logger);
        try
        {
            await ownership.TakeAsync(cancel);
            return ownership;
        }
        catch
        {
            await ownership.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Whether this process may still write, and the server's clock. When the connection is gone the lock is taken
    /// again: with the same token it is as if it had never been given up.
    /// </summary>
    /// <exception cref="StoreException">The server does not answer: nobody knows.</exception>
    public async Task<StoreContact> ConfirmAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(PostgresStore));
            try
            {
                if (_connection is not null) return await AskAsync(_connection, cancel);
            }
            catch (Exception e) when (PostgresErrors.IsFailure(e))
            {
                PostgresLog.LockLost(_logger, e);
                await DropAsync();
            }

            return await RegainAsync(cancel);
        }
        catch (Exception e) when (PostgresErrors.IsFailure(e))
        {
            await DropAsync();
            throw _connections.Explain(e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>From here on this process writes as a member of a cluster.</summary>
    /// <exception cref="StoreException">There is no such member, or the store is not shared.</exception>
    public async Task JoinAsync(ClusterMember member, CancellationToken cancel)
    {
        if (IsExclusive)
        {
            throw new StoreException(
                "The processes of a cluster share their store, and this one has it to itself. Set Exclusive to false.");
        }

        var token = await Membership.ReadTokenAsync(_connections, member, _time, cancel);
        await _turn.WaitAsync(cancel);
        try
        {
            if (Identity.Member is { } joined && joined != member)
                throw new InvalidOperationException($"This process is {joined} already.");
            _identity = Identity with { Owner = token, Member = member };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Commits that are under way come first; later ones are refused.</summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        if (Identity is not { Member: not null, Owner: { } token }) return;
        await _connections.RunAsync(
            _connections.Journal,
            connection => connection.ExecuteAsync("select leave_cluster($1)", cancel, Of(token)), cancel);
    }

    /// <summary>Gives the lock up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _closed = true;
        await DropAsync();
        _turn.Release();
    }

    private async Task TakeAsync(CancellationToken cancel)
    {
        var start = _time.GetTimestamp();
        var patience = TimeSpan.FromSeconds(_connections.Options.OwnerWaitSecondsMax);
        _connection = await _connections.Journal.OpenConnectionAsync(cancel);
        for (var waited = false; !await TryLockAsync(_connection, cancel); waited = true)
        {
            var holder = await DescribeHolderAsync(_connection, cancel);
            if (_time.GetElapsedTime(start) >= patience)
            {
                throw new StoreException(
                    $"The store (schema {_connections.Options.Schema} of {_connections.Database} at " +
                    $"{_connections.Host}) is in use by {holder}. Stop that process, or choose another schema.");
            }

            if (!waited) PostgresLog.WaitingForOwner(_logger, holder);
            await Task.Delay(RetryDelay, _time, cancel);
        }

        _identity = await WriteOwnerAsync(_connection, cancel);
        _backend = await Backend.OfAsync(_connection, cancel);
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var sql = IsExclusive ? "select pg_try_advisory_lock($1)" : "select pg_try_advisory_lock_shared($1)";
        return (await connection.ReadAllAsync(sql, r => r.GetBoolean(0), cancel, Of(_locks.Owner)))[0];
    }

    /// <summary>
    /// A commit or a write of another process that is under way comes first; the next one finds the token.
    /// </summary>
    private async Task<StoreIdentity> WriteOwnerAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        Guid? token = IsExclusive ? RandomGuid() : null;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("select pg_advisory_xact_lock($1)", cancel, Of(_locks.Feed));
        await connection.ExecuteAsync("select pg_advisory_xact_lock($1)", cancel, Of(_locks.Writes));
        if (IsExclusive)
        {
            await connection.ExecuteAsync(
                """
                update meta set owner = $1, owner_host = $2, owner_process = $3, owned_since = clock_timestamp()
                """,
                cancel, Of(token), Of(Environment.MachineName), Of(Environment.ProcessId));
        }
        else
        {
            await connection.ExecuteAsync(
                """
                update meta set owner = null, owner_host = null, owner_process = null, owned_since = null
                where owner is not null
                """,
                cancel);
        }

        var epoch = (await connection.ReadAllAsync("select epoch from meta", r => r.GetGuid(0), cancel))[0];
        await transaction.CommitAsync(cancel);
        return new(token, epoch, _connections.Writer);
    }

    private Task<StoreContact> AskAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var (identity, secondsMax) = (Identity, _connections.Options.ConnectSecondsMax);
        return identity.Member is { } member
            ? Membership.AskAsync(connection, member, identity, _locks.Members, secondsMax, cancel)
            : connection.ReadOneAsync(
                "select may_write($1, $2), clock_timestamp()",
                r => new StoreContact(r.GetBoolean(0), r.GetInstant(1)), secondsMax, cancel, Of(identity.Owner),
                Of(identity.Epoch));
    }

    private async Task<StoreContact> RegainAsync(CancellationToken cancel)
    {
        _connection = await _connections.Journal.OpenConnectionAsync(cancel);
        var answer = await AskAsync(_connection, cancel);
        for (var attempt = 0; answer.Held && !await TryLockAsync(_connection, cancel); attempt++)
        {
            if (attempt == RegainAttemptsMax) answer = answer with { Held = false };
            // The server may not have noticed yet that our own connection of before is gone.
            else if (_backend is not null) await _backend.EndAsync(_connection, cancel);
            await Task.Delay(RetryDelay, _time, cancel);
        }

        if (!answer.Held)
        {
            await DropAsync();
            return answer;
        }

        _backend = await Backend.OfAsync(_connection, cancel);
        PostgresLog.LockRegained(_logger);
        // Asked again now that nobody else can take it: another may have come and gone in between.
        return await AskAsync(_connection, cancel);
    }

    private async Task<string> DescribeHolderAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var owners = await connection.ReadAllAsync(
            "select owner_process, owner_host, owned_since from meta where owner is not null",
            r => $"process {r.GetInt32(0).ToString(CultureInfo.InvariantCulture)} on {r.GetString(1)} since " +
                 r.GetInstant(2), cancel);
        var sessions = await connection.ReadAllAsync(
            """
            select coalesce(host(a.client_addr), 'local'), a.pid, a.backend_start
            from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
                and l.database = (select oid from pg_database where datname = current_database())
                and (l.classid::bigint << 32) | l.objid::bigint = $1
            order by a.backend_start limit 5
            """,
            r => $"{r.GetString(0)} (server process {r.GetInt32(1).ToString(CultureInfo.InvariantCulture)}, since " +
                 $"{r.GetInstant(2)})", cancel, Of(_locks.Owner));
        return owners is [var owner]
            ? owner
            : sessions.Count == 0
                ? "a process that is just ending"
                : $"whoever is connected from {string.Join(", ", sessions)}";
    }

    private async Task DropAsync()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        await connection.EndSessionLocksAsync(_connections.AliveLock);
        await connection.DisposeAsync();
    }

    private static Guid RandomGuid() => new(RandomNumberGenerator.GetBytes(16));

    /// <summary>A server process, told from a later one with the same number.</summary>
    private sealed record Backend(int Process, long StartedAt)
    {
        public static async Task<Backend> OfAsync(NpgsqlConnection connection, CancellationToken cancel) =>
            (await connection.ReadAllAsync(
                "select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()",
                r => new Backend(r.GetInt32(0), r.GetFieldValue<long>(1)), cancel))[0];

        public Task<int> EndAsync(NpgsqlConnection other, CancellationToken cancel) => other.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and backend_start = $2", cancel,
            Of(Process), Of(FromServer(StartedAt)));
    }
}
