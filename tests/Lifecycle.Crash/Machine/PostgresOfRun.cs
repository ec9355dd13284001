using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Private;
using Lifecycle.Tests.Shared;
using Npgsql;

namespace Lifecycle.Crash.Machine;

/// <summary>A PostgreSQL server of the run's own. After a kill it listens where it did before.</summary>
internal sealed class PostgresOfRun(string folder) : StoreOfRun(Path.Combine(folder, "data"))
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly PrivateServerOptions _options = new()
    {
        Folder = Path.Combine(folder, "database"), SharedBuffersMegabytes = 32, WalMegabytesMax = 64,
        ConnectionsMax = 200, Port = FreePort(),
    };

    private PrivateServer? _server;

    public override IEnumerable<string> Arguments =>
    [
        $"--Lifecycle:Folder={Folder}", "--Lifecycle:Store=postgres",
        $"--Lifecycle:Postgres:ConnectionString={Server.ConnectionString}",
    ];

    public override bool HasDatabase => true;

    public string ConnectionString => Server.ConnectionString;

    /// <summary>Where the database is.</summary>
    public string DatabaseFolder => _options.Folder;

    private PrivateServer Server => _server ?? throw new InvalidOperationException("The database was not started.");

    public override async Task StartAsync(CancellationToken cancel)
    {
        // The user that the database runs as has to pass through.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                Path.GetDirectoryName(_options.Folder)!,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute);
        }

        Directory.CreateDirectory(_options.Folder);
        _server = await PrivateServer.StartAsync(_options, cancel);
    }

    public override async Task KillDatabaseAsync()
    {
        var first = Path.Combine(_options.Folder, "data", "postmaster.pid");
        var postmaster = int.Parse(File.ReadLines(first).First(), CultureInfo.InvariantCulture);
        await Signals.KillAsync([postmaster, .. ChildProcesses.Of(postmaster)]);
        await Server.DisposeAsync();
        _server = null;
    }

    public override async Task RestartDatabaseAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(StartMax);
        while (true)
        {
            try
            {
                _server = await PrivateServer.StartAsync(_options, patience.Token);
                return;
            }
            catch (StoreException) when (!patience.IsCancellationRequested)
            {
                // What is left of the one before it holds its memory for a moment.
                await Task.Delay(200, patience.Token);
            }
        }
    }

    /// <summary>Ends every session: the lock of a stopped process lives as long as its session.</summary>
    public override async Task FreeAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var end = new NpgsqlCommand(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where backend_type = 'client backend' and pid <> pg_backend_pid()
            """,
            connection);
        await end.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Whether the database server answers.</summary>
    public async Task<bool> IsUpAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Pooling = false, Timeout = 3 }
                    .ConnectionString);
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>
    /// Below those that connections are given: one to a port that nobody listens on could come from that very port, and
    /// hold it.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(15_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
