using System.ComponentModel.DataAnnotations;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Journal;
using Lifecycle.Postgres.Projection;
using Lifecycle.Postgres.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres;

/// <summary>The store in a schema of a PostgreSQL database.</summary>
public sealed class PostgresStore : IStore
{
    private readonly PostgresConnections _connections;
    private readonly Ownership? _ownership;
    private readonly AppendLanes _lanes;
    private readonly StripeLocks _ownStripes = new();
    private readonly SharedStripes _sharedStripes;
    private readonly ProjectionWriter _projectionWriter;

    private PostgresStore(
        PostgresConnections connections, Ownership? ownership, Func<StoreIdentity> identity, TimeProvider time,
        ILogger logger)
    {
        _connections = connections;
        _ownership = ownership;
        _lanes = new AppendLanes(connections, identity, connections.Locks, time, logger);
        _sharedStripes = new SharedStripes(connections);
        var writer = new DurableWriter(connections, identity, connections.Locks);
        Journal = new PostgresJournal(connections, _lanes, writer);
        _projectionWriter = new ProjectionWriter(connections, logger);
        Projection = new PostgresProjection(connections, _projectionWriter);
        Registry = new PostgresRegistry(connections, writer);
        Quarantine = new PostgresQuarantine(connections, writer);
    }

    public IJournal Journal { get; }

    public IProjection Projection { get; }

    public IRegistry Registry { get; }

    public IQuarantine Quarantine { get; }

    public bool IsShared => !_connections.Options.Exclusive;

    /// <summary>Opens the schema, making or upgrading its tables; several processes may do so at once.</summary>
    /// <exception cref="StoreException">
    /// The server cannot be reached, is too old, a standby, or set so that it may lose what it acknowledged; the schema
    /// is newer than this program or another program's; another process has the store.
    /// </exception>
    /// <exception cref="ValidationException">An option is out of its range; the message names it.</exception>
    public static Task<PostgresStore> OpenAsync(
        PostgresOptions options, TimeProvider time, ILogger logger, CancellationToken cancel) =>
        OpenAsync(options, mustExist: false, time, logger, cancel);

    /// <summary>The same, where a schema without a store is an error and not to be filled.</summary>
    internal static async Task<PostgresStore> OpenAsync(
        PostgresOptions options, bool mustExist, TimeProvider time, ILogger logger, CancellationToken cancel)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var connections = new PostgresConnections(options);
        var locks = connections.Locks;
        Ownership? ownership = null;
        try
        {
            await using (var connection = await connections.Journal.OpenConnectionAsync(cancel))
            {
                await ServerChecks.RunAsync(connection, cancel);
                await Migrator.RunAsync(connection, options, mustExist, logger, cancel);
            }

            ownership = await Ownership.TakeAsync(connections, locks, time, logger, cancel);
            var owner = ownership;
            var store = new PostgresStore(connections, owner, () => owner.Identity, time, logger);
            PostgresLog.StoreOpened(
                logger, options.Schema, connections.Database, connections.Host,
                await store.Journal.ReadHeadAsync(cancel), await store.Projection.ReadWatermarkAsync(cancel));
            return store;
        }
        catch (Exception e)
        {
            if (ownership is not null) await ownership.DisposeAsync();
            await connections.DisposeAsync();
            if (PostgresErrors.IsFailure(e)) throw connections.Explain(e);
            throw;
        }
    }

    /// <summary>
    /// Opens the schema to read it, also while processes use it: takes no lock, makes and upgrades nothing. What would
    /// write is refused.
    /// </summary>
    /// <exception cref="StoreException">
    /// There is no store of this program's version, or the server cannot be used.
    /// </exception>
    /// <exception cref="ValidationException">An option is out of its range; the message names it.</exception>
    public static async Task<PostgresStore> OpenReadOnlyAsync(PostgresOptions options, CancellationToken cancel)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var connections = new PostgresConnections(options);
        try
        {
            await using (var connection = await connections.Reads.OpenConnectionAsync(cancel))
                await Migrator.CheckAsync(connection, options, cancel);
            // The token of nobody: a commit that carries it is refused.
            var identity = new StoreIdentity(connections.Writer, Guid.Empty, connections.Writer);
            return new PostgresStore(connections, null, () => identity, TimeProvider.System, NullLogger.Instance);
        }
        catch (Exception e)
        {
            await connections.DisposeAsync();
            if (PostgresErrors.IsFailure(e)) throw connections.Explain(e);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>One exchange: both statements see the same instant, so that rows and snapshot fit each other.</remarks>
    public async Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel)
    {
        var (snapshots, rows) = await _connections.ReadAsync(
            connection => LoadAsync(connection, customers, rowsMax, cancel), cancel);
        return [.. customers.Select(customer => new StoredCustomer(
            customer, snapshots.GetValueOrDefault(customer), [.. rows[customer]]))];
    }

    /// <inheritdoc/>
    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) =>
        _ownership?.ConfirmAsync(cancel) ?? Task.FromResult(new StoreContact(Held: false));

    /// <inheritdoc/>
    /// <remarks>A process that has the store to itself has nobody to keep out but its own callers.</remarks>
    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        _connections.Options.Exclusive
            ? _ownStripes.LockAsync(stripes, cancel)
            : _sharedStripes.LockAsync(stripes, cancel);

    /// <summary>
    /// What another library connects with to tables of this schema: the options' own string, and the settings that
    /// short statements by key are fast with.
    /// </summary>
    /// <param name="kind">Whose connections they are, for <c>pg_stat_activity</c>.</param>
    /// <param name="poolMax">How many at once.</param>
    public static string ConnectionStringFor(PostgresOptions options, string kind, int poolMax) =>
        Sessions.Foreign(options, kind, poolMax);

    /// <summary>
    /// Binds this process to its row in the table of members: from here on it writes only while that member is neither
    /// dead nor gone. It is called before customers are served; what was begun before is not bound.
    /// </summary>
    /// <exception cref="StoreException">
    /// There is no such row within OwnerWaitSecondsMax, the member is dead or has left, or the store is not shared.
    /// </exception>
    public Task JoinAsync(ClusterMember member, CancellationToken cancel) =>
        _ownership?.JoinAsync(member, cancel)
        ?? throw new InvalidOperationException("The store was opened to be read only.");

    /// <summary>
    /// Marks this process's row as left, once it answers nothing more: what is under way is committed first, what comes
    /// later is refused, and nobody waits for its lease. A process that did not join has nothing to leave.
    /// </summary>
    /// <exception cref="StoreException">It was not marked, or nobody knows because the answer was lost.</exception>
    public Task LeaveAsync(CancellationToken cancel) => _ownership?.LeaveAsync(cancel) ?? Task.CompletedTask;

    /// <summary>
    /// Begins a new history under this process, which is the last that it does: positions mean other entries, older
    /// cursors and entity tags name the epoch of before, and the projection is made anew by the next process.
    /// </summary>
    /// <exception cref="StoreException">It was not begun, or nobody knows because the answer was lost.</exception>
    internal Task<Hash16> BeginHistoryAsync(CancellationToken cancel) => _connections.RunAsync(
        _connections.Journal,
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await connection.ExecuteAsync(
                "select pg_advisory_xact_lock($1)", cancel, Of(_connections.Locks.Feed));
            await connection.ExecuteAsync(
                "select pg_advisory_xact_lock($1)", cancel, Of(_connections.Locks.Writes));
            await connection.ExecuteAsync("truncate customers, writers, marks, members, grain_states", cancel);
            var epoch = await connection.ReadAllAsync(
                """
                update meta set epoch = gen_random_uuid(), owner = null, owner_host = null, owner_process = null,
                    owned_since = null
                returning epoch
                """,
                r => r.GetHash(0), cancel);
            await transaction.CommitAsync(cancel);
            return epoch[0];
        },
        cancel);

    /// <summary>Closes the connections and gives the store up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ownership is not null) await _ownership.DisposeAsync();
        await _connections.Journal.DisposeAsync();
        await _projectionWriter.DisposeAsync();
        await _connections.DisposeAsync();
        _lanes.Dispose();
    }

    private static async Task<(Dictionary<CustomerKey, CustomerRow>, ILookup<CustomerKey, JournalRow>)> LoadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel)
    {
        await using var load = connection.CreateBatch()
            .Add("begin isolation level repeatable read read only")
            .Add($"select {ProjectionRows.Columns} from customers where customer = any ($1)", Of(customers))
            .Add(
                $"""
                select {PostgresJournal.Columns}
                from unnest($1) k (customer) left join customers c using (customer)
                cross join lateral (
                    select * from journal where customer = k.customer and seq >= coalesce(c.seq, 1)
                    order by seq limit $2) j
                join feed f using (batch) order by j.customer, j.seq
                """,
                Of(customers), Of(rowsMax))
            .Add("commit");
        await using var reader = await load.ExecuteReaderAsync(cancel);
        var snapshots = new Dictionary<CustomerKey, CustomerRow>(customers.Count);
        while (await reader.ReadAsync(cancel))
        {
            var row = ProjectionRows.Read(reader);
            snapshots.Add(row.Customer, row);
        }

        await reader.NextResultAsync(cancel);
        var rows = new List<JournalRow>();
        while (await reader.ReadAsync(cancel)) rows.Add(PostgresJournal.ToRow(reader));
        await reader.NextResultAsync(cancel);
        return (snapshots, rows.ToLookup(row => row.Customer));
    }
}
