using System.Diagnostics;
using System.Globalization;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Private;
using Npgsql;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>A server of one's own: it starts, is taken up again, and never outlives its process.</summary>
public sealed class PrivateServerTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-private-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PrivateServerOptions Options => new()
    {
        Folder = _folder, SharedBuffersMegabytes = 16, WalMegabytesMax = 64, ConnectionsMax = 20,
    };

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || PostgresBinaries.Find() is null, "No PostgreSQL is installed here.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_folder_is_taken_up_again_with_what_is_in_it_and_where_it_listened_before()
    {
        var options = Options;
        await using (var first = await PrivateServer.StartAsync(Options, Cancel))
        {
            await using var store = await OpenAsync(first);
            await store.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
            options.Port = new NpgsqlConnectionStringBuilder(first.ConnectionString).Port;
        }

        Assert.False(IsRunning(PostmasterOf(_folder) ?? 0));
        await using var second = await PrivateServer.StartAsync(options, Cancel);
        Assert.Equal(options.Port, new NpgsqlConnectionStringBuilder(second.ConnectionString).Port);
        await using var again = await OpenAsync(second);
        Assert.Equal(3, await again.Journal.ReadHeadAsync(Cancel));
    }

    [Fact]
    public async Task What_only_its_owner_may_read_is_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Permissions are other ones there.");
        await using var server = await PrivateServer.StartAsync(Options, Cancel);
        if (!OperatingSystem.IsWindows())
        {
            var found = File.GetUnixFileMode(Path.Combine(_folder, "password"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, found);
        }

        Assert.False(File.Exists(Path.Combine(_folder, "handover")));
        var strange = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Password = "guessed", Pooling = false,
        };
        await using var connection = new NpgsqlConnection(strange.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancel));
        Assert.Equal("28P01", refused.SqlState);
    }

    [Fact]
    public async Task A_folder_that_a_server_uses_is_refused_by_the_number_of_its_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process uses is known on Linux.");
        await using var first = await PrivateServer.StartAsync(Options, Cancel);
        var failure = await Assert.ThrowsAsync<StoreException>(() => PrivateServer.StartAsync(Options, Cancel));
        Assert.Contains(
            $"process {PostmasterOf(_folder)!.Value.ToString(CultureInfo.InvariantCulture)}", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_file_of_a_process_that_is_another_one_now_is_no_obstacle()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process uses is known on Linux.");
        await (await PrivateServer.StartAsync(Options, Cancel)).DisposeAsync();
        // This test's own process has the number now.
        await File.WriteAllLinesAsync(
            Path.Combine(_folder, "data", "postmaster.pid"),
            [Environment.ProcessId.ToString(CultureInfo.InvariantCulture), Path.Combine(_folder, "data"), "0", "5432"],
            Cancel);
        await using var server = await PrivateServer.StartAsync(Options, Cancel);
        await using var store = await OpenAsync(server);
        Assert.Equal(0, await store.Journal.ReadHeadAsync(Cancel));
    }

    [Fact]
    public async Task A_server_that_ends_by_itself_says_so_with_the_end_of_its_log()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a list of processes.");
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await PrivateServer.StartAsync(Options, Cancel);
        server.Ended += ended.SetResult;
        using (var postmaster = Process.GetProcessById(PostmasterOf(_folder)!.Value)) postmaster.Kill();
        Assert.Contains("ready to accept connections", await ended.Task.WaitAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_stopped_does_not_say_that_it_ended()
    {
        var ended = false;
        var server = await PrivateServer.StartAsync(Options, Cancel);
        server.Ended += _ => ended = true;
        await server.DisposeAsync();
        Assert.False(ended);
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_why()
    {
        var options = Options;
        options.Settings["no_such_setting"] = "1";
        var failure = await Assert.ThrowsAsync<StoreException>(() => PrivateServer.StartAsync(options, Cancel));
        Assert.Contains("no_such_setting", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_password_is_reported_and_not_made_anew()
    {
        await (await PrivateServer.StartAsync(Options, Cancel)).DisposeAsync();
        File.Delete(Path.Combine(_folder, "password"));
        var failure = await Assert.ThrowsAsync<StoreException>(() => PrivateServer.StartAsync(Options, Cancel));
        Assert.Contains("password is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_of_a_process_that_was_killed_stops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a list of processes.");
        // This program again, with one test that starts a server and then waits for ever.
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true, Environment = { [Support.TestServer.HoldVariable] = _folder },
        };
        var assembly = typeof(PrivateServerTests).Assembly.Location;
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(assembly);
        else start.FileName = Path.ChangeExtension(assembly, null);
        foreach (var argument in new[] { "-explicit", "only", "-method", $"*.{nameof(Hold_a_server)}" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        while (!File.Exists(Path.Combine(_folder, "held")))
        {
            Assert.False(process.HasExited);
            await Task.Delay(20, Cancel);
        }

        var postmaster = PostmasterOf(_folder)!.Value;
        Assert.True(IsRunning(postmaster));
        process.Kill(entireProcessTree: false);
        await process.WaitForExitAsync(Cancel);
        while (IsRunning(postmaster)) await Task.Delay(20, Cancel);
        await using var again = await PrivateServer.StartAsync(Options, Cancel);
    }

    /// <summary>What the test above runs in a process of its own.</summary>
    [Fact(Explicit = true)]
    public async Task Hold_a_server()
    {
        var folder = Environment.GetEnvironmentVariable(Support.TestServer.HoldVariable);
        Assert.SkipWhen(folder is null, "Is run by another test.");
        var options = Options;
        options.Folder = folder!;
        await using var server = await PrivateServer.StartAsync(options, Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder!, "held"), "", Cancel);
        await Task.Delay(Timeout.Infinite, Cancel);
    }

    private static Task<PostgresStore> OpenAsync(PrivateServer server) =>
        Support.TestServer.OpenAsync(new() { ConnectionString = server.ConnectionString });

    private static int? PostmasterOf(string folder)
    {
        var path = Path.Combine(folder, "data", "postmaster.pid");
        return File.Exists(path) ? int.Parse(File.ReadLines(path).First(), CultureInfo.InvariantCulture) : null;
    }

    private static bool IsRunning(int process) =>
        process > 0 && Directory.Exists($"/proc/{process.ToString(CultureInfo.InvariantCulture)}");
}
