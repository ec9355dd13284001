using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lifecycle.Engine.Store;
using Npgsql;

namespace Lifecycle.Postgres.Private;

/// <summary>
/// A PostgreSQL of one's own, started from installed programs and stopped when this object or its process is gone: for
/// development, tests and benchmarks.
/// </summary>
/// <remarks>
/// A small shell stands between this process and the server and reads from a pipe that only this process holds open:
/// when it ends, however it ends, the shell reads the end of the pipe and stops the server.
/// </remarks>
public sealed class PrivateServer : IAsyncDisposable
{
    internal const string User = "lifecycle";

    // An interrupt is a fast stop.
    private const string Watch =
        """
        log=$1; shift
        exec 3<&0
        "$@" </dev/null >>"$log" 2>&1 3<&- &
        server=$!
        trap 'kill -INT "$server" 2>/dev/null' INT TERM HUP
        (cat <&3 >/dev/null; kill -INT "$server" 2>/dev/null) &
        pipe=$!
        exec 3<&- </dev/null
        while kill -0 "$server" 2>/dev/null; do wait "$server" 2>/dev/null; done
        kill "$pipe" 2>/dev/null
        """;

    private const int PortAttemptsMax = 5;

    private readonly Process _shell;
    private readonly PrivateFolder _folder;
    private volatile bool _stopping;

    private PrivateServer(Process shell, PrivateFolder folder, string connectionString)
    {
        (_shell, _folder, ConnectionString) = (shell, folder, connectionString);
        _shell.Exited += (_, _) =>
        {
            if (!_stopping) Ended?.Invoke(_folder.TailOfLog());
        };
        _shell.EnableRaisingEvents = true;
    }

    /// <summary>It ended though nobody stopped it. Comes with the end of its log, on a thread of the pool.</summary>
    public event Action<string>? Ended;

    /// <summary>Leads to the database <c>lifecycle</c>, as its owner, who may do everything.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts it, making the database cluster in an empty folder.</summary>
    /// <exception cref="StoreException">
    /// There is no PostgreSQL here, the folder cannot be used or is in use, or the server does not start: the message
    /// has what it says.
    /// </exception>
    /// <exception cref="ValidationException">An option is out of its range; the message names it.</exception>
    public static async Task<PrivateServer> StartAsync(PrivateServerOptions options, CancellationToken cancel)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var user = ServerUser.Choose();
        var bin = PostgresBinaries.Require();
        var folder = new PrivateFolder(options.Folder, user);
        var password = await folder.PrepareAsync(bin, cancel);
        for (var attempt = 1; ; attempt++)
        {
            folder.RemoveStaleLock();
            // Another program may take the port before the server does; then it is another one's turn.
            var port = options.Port == 0 ? FreePort() : options.Port;
            var shell = Start(options, user, bin, folder, port);
            var server = new PrivateServer(shell, folder, ConnectionStringOf(port, password));
            try
            {
                if (await server.IsUpAsync(options, cancel)) return server;
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }

            await server.DisposeAsync();
            if (attempt == PortAttemptsMax)
            {
                throw new StoreException(
                    $"The private server does not start; {folder.Log} ends with:\n{folder.TailOfLog()}");
            }

            // What is left of a server that was killed takes a moment to go.
            await Task.Delay(200, cancel);
        }
    }

    /// <summary>
    /// Stops it: open transactions are rolled back, and the next start finds everything that was committed.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static Process Start(
        PrivateServerOptions options, ServerUser user, string bin, PrivateFolder folder, int port)
    {
        string[] server =
        [
            .. user.Prefix, Path.Combine(bin, "postgres"), "-D", folder.Data, "-p", Text(port),
            .. SettingsOf(options).SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" }),
        ];
        // Away from the terminal: Ctrl+C is for this process, which still needs the server to end in order.
        string[] command = [.. ServerUser.Detach, "/bin/sh", "-c", Watch, "sh", folder.Log, .. server];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = "/",
        })!;
    }

    private static Dictionary<string, string> SettingsOf(PrivateServerOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            // Reached from this machine only, and by no file in a folder that others may write to.
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["max_connections"] = Text(options.ConnectionsMax),
            ["shared_buffers"] = $"{Text(options.SharedBuffersMegabytes)}MB",
            // After a checkpoint each page that changes is logged whole once: the rarer, the less is written.
            ["max_wal_size"] = $"{Text(options.WalMegabytesMax)}MB",
            ["checkpoint_timeout"] = "15min",
            ["wal_compression"] = "on",
        };
        foreach (var (name, value) in options.Settings) settings[name] = value;
        return settings;
    }

    private async Task<bool> IsUpAsync(PrivateServerOptions options, CancellationToken cancel)
    {
        var admin = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false };
        var start = Stopwatch.GetTimestamp();
        while (!_shell.HasExited)
        {
            try
            {
                await using var connection = new NpgsqlConnection(admin.ConnectionString);
                await connection.OpenAsync(cancel);
                await MakeDatabaseAsync(connection, cancel);
                return true;
            }
            catch (NpgsqlException e) when (
                e is not PostgresException || PostgresErrors.StateOf(e) == PostgresErrorCodes.CannotConnectNow)
            {
                if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(options.StartSecondsMax))
                {
                    throw new StoreException(
                        $"The private server was not ready within StartSecondsMax; {_folder.Log} ends with:\n" +
                        _folder.TailOfLog(), e);
                }
            }

            await Task.Delay(50, cancel);
        }

        return false;
    }

    private static async Task MakeDatabaseAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = 'lifecycle'", connection);
        if (await exists.ExecuteScalarAsync(cancel) is not null) return;
        await using var create = new NpgsqlCommand("create database lifecycle", connection);
        await create.ExecuteNonQueryAsync(cancel);
    }

    private static string ConnectionStringOf(int port, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = port, Username = User, Password = password, Database = "lifecycle",
    }.ConnectionString;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
