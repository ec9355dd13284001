using System.Globalization;
using Lifecycle.Postgres.Private;
using Lifecycle.Postgres.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestServer))]

namespace Lifecycle.Postgres.Tests.Support;

/// <summary>
/// One server for the whole run: that of LIFECYCLE_POSTGRES, a connection string of a role that may make databases, or
/// a private one. A test gets a schema of its own in a database of many, or a database of its own, copied from one that
/// has the tables: that takes twice the time.
/// </summary>
public sealed class TestServer : IAsyncLifetime
{
    /// <summary>Names the folder in the process of a test that holds a server of its own.</summary>
    internal const string HoldVariable = "LIFECYCLE_TEST_HOLD";

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-postgres-").FullName;
    private readonly SemaphoreSlim _copying = new(1, 1);
    private PrivateServer? _server;
    private string? _connectionString;
    private string? _missing;
    private string? _template;
    private string? _schemas;
    private int _names;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(HoldVariable) is not null)
        {
            _missing = "This process has a server of its own.";
            return;
        }

        _connectionString = Environment.GetEnvironmentVariable("LIFECYCLE_POSTGRES");
        if (string.IsNullOrEmpty(_connectionString))
        {
            if (OperatingSystem.IsWindows() || PostgresBinaries.Find() is null)
            {
                _missing = "No PostgreSQL is installed here and LIFECYCLE_POSTGRES does not name one.";
                return;
            }

            _server = await PrivateServer.StartAsync(
                new() { Folder = _folder, SharedBuffersMegabytes = 64, WalMegabytesMax = 512 }, CancellationToken.None);
            _connectionString = _server.ConnectionString;
        }

        _template = await CreateEmptyAsync("template");
        await using (await OpenAsync(new() { ConnectionString = _template })) { }
        _schemas = await CreateEmptyAsync("schemas");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in new[] { _template, _schemas }.OfType<string>()) await DropAsync(database);
        if (_server is not null)
        {
            // Its files are many, and nobody will read them: they are not synced for the checkpoint of a stop.
            await RunAsync("alter system set fsync = off");
            await RunAsync("select pg_reload_conf()");
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        _copying.Dispose();
    }

    /// <summary>A schema that is not there yet, for a test that does nothing to the rest of its database.</summary>
    public PostgresOptions NextSchema()
    {
        SkipWithoutServer();
        return new() { ConnectionString = _schemas!, Schema = $"test_{NextName()}", Partitions = 2 };
    }

    /// <summary>A database with the tables, empty.</summary>
    public Task<string> CreateAsync() => CreateAsync(NextName(), $"template {NameOf("template")}");

    /// <summary>A database without tables.</summary>
    public Task<string> CreateEmptyAsync() => CreateEmptyAsync(NextName());

    /// <summary>On a private server they stay until it is removed: dropping one takes a checkpoint.</summary>
    public Task DropAsync(string connectionString) => _server is not null
        ? Task.CompletedTask
        : RunAsync(
            $"drop database if exists {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");

    public static Task<PostgresStore> OpenAsync(PostgresOptions options, ILogger? logger = null) =>
        PostgresStore.OpenAsync(options, TimeProvider.System, logger ?? NullLogger.Instance, CancellationToken.None);

    private Task<string> CreateEmptyAsync(string name) => CreateAsync(name, "template template0 encoding 'UTF8'");

    private async Task<string> CreateAsync(string name, string how)
    {
        SkipWithoutServer();
        // A template may be copied by one at a time.
        await _copying.WaitAsync();
        try
        {
            await RunAsync($"create database {NameOf(name)} {how}");
        }
        finally
        {
            _copying.Release();
        }

        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = NameOf(name) }.ConnectionString;
    }

    private void SkipWithoutServer() => Assert.SkipWhen(_missing is not null, _missing ?? "");

    private string NextName() => Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture);

    private static string NameOf(string name) =>
        $"lifecycle_test_{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}_{name}";

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
