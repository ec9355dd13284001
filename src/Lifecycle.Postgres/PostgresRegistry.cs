using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres;

/// <summary>Ids, customers' keys, programs and API keys, each in a table of its own.</summary>
internal sealed class PostgresRegistry(PostgresConnections connections, DurableWriter writer) : IRegistry
{
    private static readonly string Delay = FormattableString.Invariant(
        $"interval '{ActivationList.Delay.TotalMilliseconds:0} milliseconds'");

    /// <summary>No id goes on with it: it is no character of Unicode.</summary>
    private const string LastCharacter = "\U0010FFFF";

    public async Task<IReadOnlyDictionary<CustomerKey, string>> ReadIdsAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        if (customers.Count == 0) return new Dictionary<CustomerKey, string>();
        var rows = await connections.ReadAsync(
            "select customer, id from aliases where customer = any ($1)",
            r => (Customer: r.GetCustomer(0), Id: r.GetString(1)), cancel, Of(customers));
        return rows.ToDictionary(row => row.Customer, row => row.Id);
    }

    public async Task<IReadOnlyList<KnownId>> ReadIdsAsync(
        CustomerKey first, CustomerKey last, CancellationToken cancel) =>
        await connections.ReadAsync(
            "select id, customer from aliases where customer between $1 and $2 order by customer",
            r => new KnownId(r.GetString(0), r.GetCustomer(1)), cancel, Of(first.ToGuid()), Of(last.ToGuid()));

    // Under the collation C lower() knows the letters of ASCII only, and texts are in the order of their bytes.
    public async Task<IReadOnlyList<KnownId>> FindIdsAsync(
        string prefix, KnownId? after, int limit, CancellationToken cancel) =>
        await connections.ReadAsync(
            """
            select id, customer from aliases
            where (lower(id collate "C") collate "C", customer) > (lower($1::text collate "C") collate "C", $2::uuid)
                and lower(id collate "C") collate "C" < lower($3::text collate "C") collate "C"
            order by lower(id collate "C") collate "C", customer limit $4
            """,
            r => new KnownId(r.GetString(0), r.GetCustomer(1)), cancel,
            // No customer has the least of all keys: it is a hash.
            Of(after?.Id ?? prefix), Of(after?.Customer.ToGuid() ?? Guid.Empty), Of(prefix + LastCharacter), Of(limit));

    public async Task<ReadOnlyMemory<byte>?> ReadSecretAsync(CustomerKey customer, CancellationToken cancel)
    {
        var rows = await connections.ReadAsync(
            "select sealed from keys where customer = $1 and sealed is not null", r => r.GetBytes(0), cancel,
            Of(customer));
        // Not a conditional: an array that is null would become an empty secret.
        if (rows is [var wrapped]) return wrapped;
        return null;
    }

    public async Task<Hash16?> ReadSecretCheckAsync(CancellationToken cancel)
    {
        var rows = await connections.ReadAsync(
            "select secret_check from meta where secret_check is not null", r => r.GetHash(0), cancel);
        return rows is [var check] ? check : null;
    }

    public async Task<Hash16> KeepSecretCheckAsync(Hash16 check, CancellationToken cancel) =>
        await ReadSecretCheckAsync(cancel) ?? await writer.WriteAsync(
            async connection =>
            {
                await connection.ExecuteAsync(
                    "update meta set secret_check = $1 where secret_check is null", CancellationToken.None, Of(check));
                return (await connection.ReadAllAsync(
                    "select secret_check from meta", r => r.GetHash(0), CancellationToken.None))[0];
            },
            cancel);

    public async Task<IReadOnlyList<StoredProgram>> ReadProgramsAsync(CancellationToken cancel) =>
        await connections.ReadAsync(
            "select version, document, stored_at from programs order by version",
            r => new StoredProgram(r.GetInt32(0), r.GetString(1), r.GetInstant(2)), cancel);

    public Task<StoredProgram> AddProgramAsync(string document, Instant storedAt, CancellationToken cancel) =>
        writer.WriteAsync(
            async connection =>
            {
                // Two processes that add one at once number them one after the other.
                await connection.ExecuteAsync(
                    "lock table programs in share row exclusive mode", CancellationToken.None);
                var known = await connection.ReadAllAsync(
                    "select version, stored_at from programs where document = $1 order by version limit 1",
                    r => new StoredProgram(r.GetInt32(0), document, r.GetInstant(1)), CancellationToken.None,
                    Of(document));
                if (known is [var stored]) return stored;
                return (await connection.ReadAllAsync(
                    """
                    insert into programs (version, document, stored_at)
                    select coalesce(max(version), 0) + 1, $1, $2 from programs returning version
                    """,
                    r => new StoredProgram(r.GetInt32(0), document, storedAt), CancellationToken.None,
                    Of(document), Of(storedAt)))[0];
            },
            cancel);

    /// <inheritdoc/>
    /// <remarks>
    /// The statements are one transaction, and each sees what was committed before it began. Whoever changes the list
    /// looks at the clock under the lock held alone and keeps it until the change can be seen: so either the change is
    /// in the list, or its look at the clock is after this one.
    /// </remarks>
    public Task<ActivationList> ReadActivationsAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(connections.Look(connection =>
        {
            // One by one: all but the first statement of a batch the driver sends by threads of the pool.
            using var transaction = connection.BeginTransaction();
            // An answer that comes late is of no use: on a connection that is dead the next one would not come either.
            var secondsMax = connections.Options.ConnectSecondsMax;
            connection.ReadAll(
                "select pg_advisory_xact_lock_shared($1)", _ => true, secondsMax, Of(connections.Locks.Programs));
            var (clock, versions) = connection.ReadAll(
                "select clock_timestamp(), (select coalesce(max(version), 0) from programs)",
                r => (r.GetInstant(0), r.GetInt32(1)), secondsMax)[0];
            var all = connection.ReadAll(
                "select id, version, effective_at, scheduled_at, origin, withdrawn_at from activations order by id",
                r => new StoredActivation(
                    r.GetInt64(0), r.GetInt32(1), r.GetInstant(2), r.GetInstant(3), r.GetString(4),
                    r.GetInstantOrNull(5)),
                secondsMax);
            transaction.Commit();
            return new ActivationList(all, versions, connections.Options.Exclusive ? null : clock);
        }));
    }

    public Task<StoredActivation?> AddActivationAsync(
        int version, Instant? effectiveAt, Instant scheduledAt, string origin, CancellationToken cancel) =>
        writer.WriteAsync<StoredActivation?>(
            async connection =>
            {
                await LockProgramsAsync(connection);
                var added = await connection.ReadAllAsync(
                    $"""
                    with known as materialized (
                        select clock_timestamp() + {Delay} as soonest, coalesce(max(id), 0) + 1 as id,
                            max(effective_at) filter (where withdrawn_at is null) as last
                        from activations),
                    wanted as (select *, coalesce($2, greatest(soonest, last)) as effective_at from known)
                    insert into activations (id, version, effective_at, scheduled_at, origin)
                    select id, $1, effective_at, $3, $4 from wanted
                    where last is null or (effective_at >= last and ($5 or effective_at >= soonest))
                    returning id, effective_at
                    """,
                    r => new StoredActivation(
                        r.GetInt64(0), version, r.GetInstant(1), scheduledAt, origin, null),
                    CancellationToken.None, Of(version), Of(effectiveAt), Of(scheduledAt), Of(origin),
                    Of(connections.Options.Exclusive));
                return added.SingleOrDefault();
            },
            cancel);

    public Task<bool> WithdrawActivationAsync(long id, Instant at, CancellationToken cancel) =>
        writer.WriteAsync(
            async connection =>
            {
                await LockProgramsAsync(connection);
                return await connection.ExecuteAsync(
                    $"""
                    update activations set withdrawn_at = $2
                    where id = $1 and withdrawn_at is null and ($3 or effective_at >= clock_timestamp() + {Delay})
                    """,
                    CancellationToken.None, Of(id), Of(at), Of(connections.Options.Exclusive)) == 1;
            },
            cancel);

    public async Task<IReadOnlyList<StoredApiKey>> ReadApiKeysAsync(CancellationToken cancel) =>
        await connections.ReadAsync(
            "select id, name, hash, roles, created_at, revoked_at from api_keys order by created_at, id",
            r => new StoredApiKey(
                r.GetString(0), r.GetString(1), r.GetBytes(2), r.GetFieldValue<string[]>(3), r.GetInstant(4),
                r.GetInstantOrNull(5)), cancel);

    public Task AddApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        writer.WriteAsync(connection => InsertAsync(connection, key, "true"), cancel);

    public Task<bool> AddFirstApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        writer.WriteAsync(
            async connection =>
            {
                await connection.ExecuteAsync(
                    "lock table api_keys in share row exclusive mode", CancellationToken.None);
                return await InsertAsync(
                    connection, key, "not exists (select from api_keys where roles && $4)") == 1;
            },
            cancel);

    public Task<bool> RevokeApiKeyAsync(string id, Instant at, CancellationToken cancel) =>
        writer.WriteAsync(
            async connection => await connection.ExecuteAsync(
                "update api_keys set revoked_at = $2 where id = $1 and revoked_at is null", CancellationToken.None,
                Of(id), Of(at)) == 1,
            cancel);

    private static Task<int> InsertAsync(NpgsqlConnection connection, StoredApiKey key, string where) =>
        connection.ExecuteAsync(
            $"""
            insert into api_keys (id, name, hash, roles, created_at, revoked_at)
            select $1, $2, $3, $4, $5, $6 where {where}
            """,
            CancellationToken.None, Of(key.Id), Of(key.Name), Of(key.Hash), Of<string>([.. key.Roles]),
            Of(key.CreatedAt), Of(key.RevokedAt));

    /// <summary>Until the commit. A statement after this one sees what those before have committed.</summary>
    private Task<int> LockProgramsAsync(NpgsqlConnection connection) => connection.ExecuteAsync(
        "select pg_advisory_xact_lock($1)", CancellationToken.None, Of(connections.Locks.Programs));
}
