using System.Globalization;
using Lifecycle.Postgres.Private;
using Npgsql;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>
/// Databases of one private PostgreSQL: ours and the baselines are on the same server, with the same settings.
/// </summary>
/// <param name="folder">Of the server; deleted at the end.</param>
/// <param name="conditions">Told the settings of the server.</param>
internal sealed class PostgresSource(string folder, Conditions conditions) : StoreSource
{
    /// <summary>Small on purpose: a table of a benchmark outgrows it in minutes, as a real one does in years.</summary>
    public const int SharedBuffersMegabytes = 128;

    private const int WalMegabytes = 8_192;

    private const string Settings =
        """
        select 'version ' || current_setting('server_version') || string_agg(
            ', ' || name || ' ' || current_setting(name), '' order by name)
        from pg_settings where name in (
            'shared_buffers', 'max_wal_size', 'checkpoint_timeout', 'wal_compression', 'synchronous_commit', 'fsync',
            'full_page_writes', 'autovacuum')
        """;

    private PrivateServer? _server;

    public override string Key => "postgres";

    public override string Name => "PostgreSQL";

    /// <summary>The server's process, the parent of all its backends.</summary>
    public int ProcessId { get; private set; }

    public override async Task<StoreUnderTest> NewAsync(string name, CancellationToken cancel)
    {
        // The server keeps its installation key in a folder, whatever its store is.
        var local = Path.Combine(folder, $"{name}-folder");
        return new PostgresUnderTest(await NewDatabaseAsync(name, cancel), local, ProcessId);
    }

    /// <summary>A connection string to a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync(string name, CancellationToken cancel)
    {
        _server ??= await StartAsync(cancel);
        await using var connection = await OpenAsync(_server.ConnectionString, cancel);
#pragma warning disable CA2100 // The names are the benchmarks' own.
        await using var create = new NpgsqlCommand($"create database {name}", connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancel);
        return ConnectionStringOf(name);
    }

    /// <summary>Of a database that was made.</summary>
    public string ConnectionStringOf(string name) =>
        new NpgsqlConnectionStringBuilder(_server!.ConnectionString) { Database = name }.ConnectionString;

    public override async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null) await _server.DisposeAsync();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private async Task<PrivateServer> StartAsync(CancellationToken cancel)
    {
        var server = await PrivateServer.StartAsync(
            new()
            {
                Folder = Path.Combine(folder, "server"), SharedBuffersMegabytes = SharedBuffersMegabytes,
                WalMegabytesMax = WalMegabytes,
            },
            cancel);
        await using var connection = await OpenAsync(server.ConnectionString, cancel);
        await using var own = new NpgsqlCommand("select pg_backend_pid()", connection);
        ProcessId = ProcessorMeter.ParentOf((int)(await own.ExecuteScalarAsync(cancel))!) ?? 0;
        await using var settings = new NpgsqlCommand(Settings, connection);
        conditions.Add("postgres", (string)(await settings.ExecuteScalarAsync(cancel))!);
        return server;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }

    private sealed class PostgresUnderTest(string database, string local, int process) : StoreUnderTest
    {
        public override IEnumerable<string> Arguments =>
        [
            "--Lifecycle:Store=postgres", $"--Lifecycle:Postgres:ConnectionString={database}",
            $"--Lifecycle:Folder={local}",
        ];

        public override int? DatabaseProcess => process;

        public override async Task<Marks> OpenMarksAsync(CancellationToken cancel) =>
            new PostgresMarks(await OpenAsync(database, cancel));

        // The database goes with its server.
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class PostgresMarks(NpgsqlConnection connection) : Marks
    {
        public override Task<long> ReadHeadAsync(CancellationToken cancel) => ReadAsync(
            "select coalesce(max(first_position + count) - 1, 0) from lifecycle.feed", cancel);

        public override Task<long> ReadWatermarkAsync(CancellationToken cancel) => ReadAsync(
            "select coalesce(min(watermark), 0) from lifecycle.writers", cancel);

        public override ValueTask DisposeAsync() => connection.DisposeAsync();

        private async Task<long> ReadAsync(string sql, CancellationToken cancel)
        {
#pragma warning disable CA2100 // One of the two above.
            await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture);
        }
    }
}
