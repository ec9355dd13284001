using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite;

/// <summary>Ids, customers' keys, programs and API keys in <c>journal.db</c>.</summary>
internal sealed class SqliteRegistry(SqliteWriter writer, SqliteReaders readers) : IRegistry
{
    /// <summary>No id goes on with it: it is no character of Unicode.</summary>
    private const string LastCharacter = "\U0010FFFF";

    public async Task<IReadOnlyDictionary<CustomerKey, string>> ReadIdsAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        if (customers.Count == 0) return new Dictionary<CustomerKey, string>();
        var rows = await readers.ReadAsync(
            session => session.ReadAll(
                reader => (Customer: reader.GetCustomer(0), Id: reader.GetString(1)),
                "select customer, id from aliases where customer in (select unhex(value) from json_each($1))",
                customers.Select(c => c.Value).ToJsonList()),
            cancel);
        return rows.ToDictionary(row => row.Customer, row => row.Id);
    }

    public async Task<IReadOnlyList<KnownId>> ReadIdsAsync(
        CustomerKey first, CustomerKey last, CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => new KnownId(reader.GetString(1), reader.GetCustomer(0)),
                "select customer, id from aliases where customer between $1 and $2 order by customer",
                first.Value, last.Value),
            cancel);

    public async Task<IReadOnlyList<KnownId>> FindIdsAsync(
        string prefix, KnownId? after, int limit, CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => new KnownId(reader.GetString(0), reader.GetCustomer(1)),
                """
                select id, customer from aliases
                where id collate nocase >= $1 and id collate nocase < $2
                    and (id collate nocase > $1 or customer > $3)
                order by id collate nocase, customer limit $4
                """,
                // One bound from below: of two the planner might walk from the lower one. An empty blob is the least.
                after?.Id ?? prefix, prefix + LastCharacter,
                after is { } last ? last.Customer.Value : Array.Empty<byte>(), limit),
            cancel);

    public async Task<ReadOnlyMemory<byte>?> ReadSecretAsync(CustomerKey customer, CancellationToken cancel)
    {
        var rows = await readers.ReadAsync(
            session => session.ReadAll(
                reader => reader.GetBlob(0),
                "select sealed from keys where customer = $1 and sealed is not null", customer.Value),
            cancel);
        // Not a conditional: an array that is null would become an empty secret.
        if (rows is [var wrapped]) return wrapped;
        return null;
    }

    public async Task<IReadOnlyList<StoredProgram>> ReadProgramsAsync(CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => new StoredProgram(reader.GetInt32(0), reader.GetString(1), reader.GetInstant(2)),
                "select version, document, stored_at from programs order by version"),
            cancel);

    public async Task<Hash16?> ReadSecretCheckAsync(CancellationToken cancel)
    {
        var rows = await readers.ReadAsync(ReadSecretCheck, cancel);
        return rows is [var check] ? check : null;
    }

    public async Task<Hash16> KeepSecretCheckAsync(Hash16 check, CancellationToken cancel) =>
        await ReadSecretCheckAsync(cancel) ?? await writer.WriteAsync(
            session =>
            {
                session.Execute("insert or ignore into meta (key, value) values ('secret_check', $1)", check);
                return ReadSecretCheck(session)[0];
            },
            cancel);

    public Task<StoredProgram> AddProgramAsync(string document, Instant storedAt, CancellationToken cancel) =>
        writer.WriteAsync(
            session =>
            {
                var known = session.ReadAll(
                    reader => new StoredProgram(reader.GetInt32(0), document, reader.GetInstant(1)),
                    "select version, stored_at from programs where document = $1 order by version limit 1", document);
                if (known is [var stored]) return stored;
                var version = (session.ReadNumber("select max(version) from programs") ?? 0) + 1;
                session.Execute(
                    "insert into programs (version, document, stored_at) values ($1, $2, $3)",
                    version, document, storedAt.Micros);
                return new StoredProgram((int)version, document, storedAt);
            },
            cancel);

    public async Task<ActivationList> ReadActivationsAsync(CancellationToken cancel) =>
        await readers.ReadAsync(
            session => new ActivationList(
                session.ReadAll(
                    reader => new StoredActivation(
                        reader.GetInt64(0), reader.GetInt32(1), reader.GetInstant(2), reader.GetInstant(3),
                        reader.GetString(4), reader.GetInstantOrNull(5)),
                    """
                    select id, version, effective_at, scheduled_at, origin, withdrawn_at from activations order by id
                    """),
                (int)(session.ReadNumber("select max(version) from programs") ?? 0), Clock: null),
            cancel);

    public Task<StoredActivation?> AddActivationAsync(
        int version, Instant? effectiveAt, Instant scheduledAt, string origin, CancellationToken cancel) =>
        writer.WriteAsync<StoredActivation?>(
            session =>
            {
                var last = session.ReadNumber("select max(effective_at) from activations where withdrawn_at is null");
                var from = effectiveAt ?? Instant.Max(
                    scheduledAt.Plus(ActivationList.Delay), new Instant(last ?? Instant.Earliest.Micros));
                var id = (session.ReadNumber("select max(id) from activations") ?? 0) + 1;
                var written = session.Execute(
                    """
                    insert into activations (id, version, effective_at, scheduled_at, origin)
                    select $1, $2, $3, $4, $5
                    where not exists (select 1 from activations where effective_at > $3 and withdrawn_at is null)
                    """,
                    id, version, from.Micros, scheduledAt.Micros, origin);
                return written == 1
                    ? new StoredActivation(id, version, from, scheduledAt, origin, null)
                    : null;
            },
            cancel);

    public Task<bool> WithdrawActivationAsync(long id, Instant at, CancellationToken cancel) =>
        writer.WriteAsync(
            session => session.Execute(
                "update activations set withdrawn_at = $2 where id = $1 and withdrawn_at is null", id, at.Micros) == 1,
            cancel);

    public async Task<IReadOnlyList<StoredApiKey>> ReadApiKeysAsync(CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => new StoredApiKey(
                    reader.GetString(0), reader.GetString(1), reader.GetBlob(2), reader.GetTexts(3),
                    reader.GetInstant(4), reader.GetInstantOrNull(5)),
                "select id, name, hash, roles, created_at, revoked_at from api_keys order by created_at, id"),
            cancel);

    public Task AddApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        writer.WriteAsync(session => Insert(session, key), cancel);

    public Task<bool> AddFirstApiKeyAsync(StoredApiKey key, CancellationToken cancel) =>
        writer.WriteAsync(
            session =>
            {
                var roles = session.ReadAll(reader => reader.GetTexts(0), "select roles from api_keys");
                if (roles.Any(taken => taken.Intersect(key.Roles).Any())) return false;
                Insert(session, key);
                return true;
            },
            cancel);

    public Task<bool> RevokeApiKeyAsync(string id, Instant at, CancellationToken cancel) =>
        writer.WriteAsync(
            session => session.Execute(
                "update api_keys set revoked_at = $2 where id = $1 and revoked_at is null", id, at.Micros) == 1,
            cancel);

    private static int Insert(SqliteSession session, StoredApiKey key) => session.Execute(
        """
        insert into api_keys (id, name, hash, roles, created_at, revoked_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        key.Id, key.Name, key.Hash.ToBlob(), key.Roles.ToJson(), key.CreatedAt.Micros, key.RevokedAt.ToColumn());

    private static List<Hash16> ReadSecretCheck(SqliteSession session) =>
        session.ReadAll(reader => reader.GetHash(0), "select value from meta where key = 'secret_check'");
}
