using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Lifecycle.Postgres.Schema;

/// <summary>Makes the tables, or brings those of an older version up to this program's.</summary>
internal static class Migrator
{
    /// <summary>
    /// One transaction under a lock: of processes that start at once one does the work and the others find it done.
    /// </summary>
    /// <param name="mustExist">Whether a schema without a store is an error and not to be filled.</param>
    /// <exception cref="StoreException">The schema is newer than this program, or another program's.</exception>
    public static async Task RunAsync(
        NpgsqlConnection connection, PostgresOptions options, bool mustExist, ILogger logger, CancellationToken cancel)
    {
        var stored = await ReadVersionAsync(connection, options.Schema, cancel);
        if (stored == PostgresSchema.Version) return;
        if (stored == 0 && mustExist) throw NoStore(connection, options);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(
            connection, $"select pg_advisory_xact_lock({new StoreLocks(options.Schema).Migrations})", cancel);
        var version = await ReadVersionAsync(connection, options.Schema, cancel);
        if (version == PostgresSchema.Version) return;
        if (version == 0) await CreateAsync(connection, options.Schema, cancel);
        for (var next = version; next < PostgresSchema.Version; next++)
        {
            await ExecuteAsync(connection, PostgresSchema.Migrations[next](options.Partitions), cancel);
            await ExecuteAsync(connection, $"insert into migrations (version) values ({next + 1})", cancel);
        }

        await transaction.CommitAsync(cancel);
        PostgresLog.Migrated(logger, options.Schema, version, PostgresSchema.Version);
    }

    /// <summary>For who only reads.</summary>
    /// <exception cref="StoreException">There is no store, or its tables are not this program's.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, PostgresOptions options, CancellationToken cancel)
    {
        var stored = await ReadVersionAsync(connection, options.Schema, cancel);
        if (stored == 0) throw NoStore(connection, options);
        if (stored < PostgresSchema.Version)
        {
            throw new StoreException(
                $"The schema {options.Schema} has version {stored}, and this program reads {PostgresSchema.Version}. " +
                "Start the server of this version on it once.");
        }
    }

    private static StoreException NoStore(NpgsqlConnection connection, PostgresOptions options) => new(
        $"The schema {options.Schema} of {connection.Database} holds no store. Name the one that does.");

    private static async Task<int> ReadVersionAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancel)
    {
        await using var lookup = new NpgsqlCommand(
            """
            select to_regclass($1 || '.migrations') is not null,
                exists (select from pg_class where relnamespace = to_regnamespace($1))
            """, connection)
        {
            Parameters = { new() { Value = schema } },
        };
        var (ours, used) = await ReadAsync(lookup, r => (r.GetBoolean(0), r.GetBoolean(1)), cancel);
        if (!ours)
        {
            if (!used) return 0;
            throw new StoreException(
                $"The schema {schema} holds the tables of another program. Choose another name in Schema.");
        }

        await using var versions = new NpgsqlCommand("select coalesce(max(version), 0) from migrations", connection);
        var version = await ReadAsync(versions, r => r.GetInt32(0), cancel);
        if (version <= PostgresSchema.Version) return version;
        throw new StoreException(
            $"The schema {schema} has version {version}, which is newer than this program's " +
            $"{PostgresSchema.Version}. Use the version that wrote it or a later one.");
    }

    private static async Task CreateAsync(NpgsqlConnection connection, string schema, CancellationToken cancel)
    {
        // Asked first: a role that may not make schemas can use one that was made for it.
        await using var exists = new NpgsqlCommand("select to_regnamespace($1) is not null", connection)
        {
            Parameters = { new() { Value = schema } },
        };
        if (!await ReadAsync(exists, r => r.GetBoolean(0), cancel))
            await ExecuteAsync(connection, $"create schema \"{schema}\"", cancel);
        await ExecuteAsync(
            connection,
            """
            create table migrations (
                version integer primary key, applied_at timestamptz not null default clock_timestamp())
            """, cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<T> ReadAsync<T>(
        NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return read(reader);
    }
}
