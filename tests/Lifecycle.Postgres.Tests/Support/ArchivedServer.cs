using System.Diagnostics;
using Lifecycle.Postgres.Private;
using Npgsql;

namespace Lifecycle.Postgres.Tests.Support;

/// <summary>
/// A private server that keeps its log, as docs/backup.md has it set up, and what is restored from its base backup.
/// </summary>
internal sealed class ArchivedServer : IAsyncDisposable
{
    private readonly string _root;
    private readonly List<PrivateServer> _servers = [];

    private ArchivedServer(string root) => _root = root;

    public string ConnectionString => _servers[0].ConnectionString;

    private string Archive => Path.Combine(_root, "archive");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ArchivedServer> StartAsync()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || PostgresBinaries.Find() is null || FindBaseBackup() is null,
            "No PostgreSQL with pg_basebackup is installed here.");
        var server = new ArchivedServer(Directory.CreateTempSubdirectory("lifecycle-archive-").FullName);
        ServerUser.Choose().MakeReachable(server._root);
        Directory.CreateDirectory(server.Archive);
        ServerUser.Choose().GiveAway(server.Archive);
        await server.StartAsync("primary", new()
        {
            ["archive_mode"] = "on",
            ["archive_command"] = $"test ! -f {server.Archive}/%f && cp %p {server.Archive}/%f",
        });
        return server;
    }

    /// <summary>A base backup of the running server: the data folder of the one that will be restored.</summary>
    public async Task BackUpAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "restored")).FullName;
        File.Copy(Path.Combine(_root, "primary", "password"), Path.Combine(folder, "password"));
        var user = ServerUser.Choose();
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        user.MakeReachable(folder);
        // The server refuses a folder that others may look into.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        user.GiveAway(data);
        var to = new NpgsqlConnectionStringBuilder(ConnectionString);
        var start = user.Command(
            FindBaseBackup()!, "-h", to.Host!, "-p", $"{to.Port}", "-U",
            to.Username!, "-D", data, "-X", "none", "-c", "fast", "--no-password");
        start.Environment["PGPASSWORD"] = to.Password;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>Waits until the log up to now is in the archive.</summary>
    public async Task ArchiveAsync()
    {
        var file = await SqlAsync(ConnectionString, "select pg_walfile_name(pg_switch_wal())");
        while (!File.Exists(Path.Combine(Archive, $"{file}"))) await Task.Delay(50, Cancel);
    }

    /// <summary>The base backup with the log up to a time; answers when it takes writes.</summary>
    public async Task<string> RestoreAsync(string time)
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "restored", "data", "recovery.signal"), "", Cancel);
        ServerUser.Choose().GiveAway(Path.Combine(_root, "restored", "data"));
        var server = await StartAsync("restored", new()
        {
            ["restore_command"] = $"cp {Archive}/%f %p",
            ["recovery_target_time"] = time,
            ["recovery_target_action"] = "promote",
        });
        while (await SqlAsync(server.ConnectionString, "select pg_is_in_recovery()") is true)
            await Task.Delay(50, Cancel);
        return server.ConnectionString;
    }

    public static async Task<object?> SqlAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers) await server.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>A program of clients: it may be in another folder than the server's.</summary>
    private static string? FindBaseBackup()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator).Prepend(PostgresBinaries.Require())
            .Select(folder => Path.Combine(folder, "pg_basebackup")).FirstOrDefault(File.Exists);
    }

    private async Task<PrivateServer> StartAsync(string name, Dictionary<string, string> settings)
    {
        var options = new PrivateServerOptions
        {
            Folder = Path.Combine(_root, name), SharedBuffersMegabytes = 16, WalMegabytesMax = 64, ConnectionsMax = 50,
        };
        foreach (var (key, value) in settings) options.Settings[key] = value;
        _servers.Add(await PrivateServer.StartAsync(options, Cancel));
        return _servers[^1];
    }
}
