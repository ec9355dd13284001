using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>
/// A PostgreSQL of the run's own, from installed programs: every row about PostgreSQL is measured on it, with the same
/// settings.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>What differs from the defaults; printed with the results.</summary>
    public const string Settings = "shared_buffers=128MB max_wal_size=8GB max_connections=200";

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder;

    private PostgresServer(Process process, string folder, string connectionString) =>
        (_process, _folder, ConnectionString) = (process, folder, connectionString);

    public string ConnectionString { get; }

    public int ProcessId { get; private set; }

    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresServer> StartAsync(string folder, CancellationToken cancel)
    {
        var programs = FindPrograms();
        Directory.CreateDirectory(folder);
        // It refuses to run as root, as it should.
        string[] user = Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        if (user.Length > 0) await RunAsync("chown", ["postgres", folder], cancel);
        string[] init =
        [
            .. user, Path.Combine(programs, "initdb"), "--pgdata", folder, "--auth=trust", "--username=bench",
            "--encoding=UTF8", "--no-locale",
        ];
        await RunAsync(init[0], init[1..], cancel);
        var port = FreePort();
        string[] start =
        [
            .. user, Path.Combine(programs, "postgres"), "-D", folder, "-p",
            port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c",
            "unix_socket_directories=", .. Settings.Split(' ').SelectMany(setting => new[] { "-c", setting }),
        ];
        var process = Process.Start(new ProcessStartInfo(start[0], start[1..])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder,
        })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var server = new PostgresServer(
            process, folder,
            $"Host=127.0.0.1;Port={port};Username=bench;Database=postgres;No Reset On Close=true;Maximum Pool Size=100");
        try
        {
            await server.WaitAsync(cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string to a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync(string name, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancel);
#pragma warning disable CA2100 // The names are the benchmarks' own.
        await using var create = new NpgsqlCommand($"create database {name}", connection);
#pragma warning restore CA2100
        await create.ExecuteNonQueryAsync(cancel);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (!_process.HasExited)
        {
            // Fast: it disconnects everybody and ends.
            using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException("PostgreSQL ended when it was started.");
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync(cancel);
                // setpriv becomes the server itself; the file says so in any case.
                ProcessId = int.Parse(
                    (await File.ReadAllLinesAsync(Path.Combine(_folder, "postmaster.pid"), cancel))[0],
                    CultureInfo.InvariantCulture);
                return;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(start) < StartMax)
            {
                await Task.Delay(50, cancel);
            }
        }
    }

    private static string FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(v => v, StringComparer.Ordinal).Select(v => Path.Combine(v, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed: there is no initdb.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Path.GetFileName(program)} failed: {error}{await output}");
    }
}
