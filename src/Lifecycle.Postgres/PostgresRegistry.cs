using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres;

/// <summary>Ids, customers' keys, programs and API keys, each in a table of its own.</summary>
internal sealed class PostgresRegistry(PostgresConnections connections, DurableWriter writer) : IRegistry
{
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

    public async Task<IReadOnlyList<StoredActivation>> ReadActivationsAsync(CancellationToken cancel) =>
        await connections.ReadAsync(
            "select id, version, effective_at, scheduled_at, origin, withdrawn_at from activations order by id",
            r => new StoredActivation(
                r.GetInt64(0), r.GetInt32(1), r.GetInstant(2), r.GetInstant(3), r.GetString(4),
                r.GetInstantOrNull(5)), cancel);

    public Task<StoredActivation?> AddActivationAsync(
        int version, Instant effectiveAt, Instant scheduledAt, string origin, CancellationToken cancel) =>
        writer.WriteAsync<StoredActivation?>(
            async connection =>
            {
                await connection.ExecuteAsync(
                    "lock table activations in share row exclusive mode", CancellationToken.None);
                var added = await connection.ReadAllAsync(
                    """
                    insert into activations (id, version, effective_at, scheduled_at, origin)
                    select (select coalesce(max(id), 0) + 1 from activations), $1, $2, $3, $4
                    where not exists (select from activations where effective_at > $2 and withdrawn_at is null)
                    returning id
                    """,
                    r => new StoredActivation(r.GetInt64(0), version, effectiveAt, scheduledAt, origin, null),
                    CancellationToken.None, Of(version), Of(effectiveAt), Of(scheduledAt), Of(origin));
                return added.SingleOrDefault();
            },
            cancel);

    public Task<bool> WithdrawActivationAsync(long id, Instant at, CancellationToken cancel) =>
        writer.WriteAsync(
            async connection => await connection.ExecuteAsync(
                "update activations set withdrawn_at = $2 where id = $1 and withdrawn_at is null",
                CancellationToken.None, Of(id), Of(at)) == 1,
            cancel);

    public async Task<IReadOnlyList<StoredApiKey>> ReadApiKeysAsync(CancellationToken cancel) =>
        await connections.ReadAsync(
            "select id, name, hash, roles, created_at, revoked_at from api_keys order by created_at, id",
            r => new StoredApiKey(
                r.GetString(0), r.GetString(1), r.GetBytes(2), r.GetFieldValue<string[]>(3), r.GetInstant(4),
                r.GetInstantOrNull(5)), cancel);

    public Task AddApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        writer.WriteAsync(
            connection => connection.ExecuteAsync(
                """
                insert into api_keys (id, name, hash, roles, created_at, revoked_at)
                values ($1, $2, $3, $4, $5, $6)
                """,
                CancellationToken.None, Of(key.Id), Of(key.Name), Of(key.Hash), Of<string>([.. key.Roles]),
                Of(key.CreatedAt), Of(key.RevokedAt)),
            cancel);

    public Task<bool> RevokeApiKeyAsync(string id, Instant at, CancellationToken cancel) =>
        writer.WriteAsync(
            async connection => await connection.ExecuteAsync(
                "update api_keys set revoked_at = $2 where id = $1 and revoked_at is null", CancellationToken.None,
                Of(id), Of(at)) == 1,
            cancel);
}
