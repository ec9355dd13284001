using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Private;
using Lifecycle.Postgres.Tests.Support;
using Npgsql;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>A standby answers what was true some time ago: no connection is made to one, whatever leads there.</summary>
public sealed class StandbyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-standby-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PrivateServerOptions Options => new()
    {
        Folder = _folder, SharedBuffersMegabytes = 16, WalMegabytesMax = 64, ConnectionsMax = 20,
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_start_and_every_later_connection_are_refused_by_a_standby()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || PostgresBinaries.Find() is null, "No PostgreSQL is installed here.");
        await using (var primary = await PrivateServer.StartAsync(Options, Cancel))
        {
            await using var store = await TestServer.OpenAsync(new() { ConnectionString = primary.ConnectionString });
            await store.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        }

        var data = Directory.GetFiles(_folder, "PG_VERSION", SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!).MinBy(path => path.Length)!;
        await File.WriteAllTextAsync(Path.Combine(data, "standby.signal"), "", Cancel);
        await using var standby = await PrivateServer.StartAsync(Options, Cancel);
        var options = new PostgresOptions { ConnectionString = standby.ConnectionString, OwnerWaitSecondsMax = 0 };
        var refused = await Assert.ThrowsAsync<StoreException>(() => TestServer.OpenAsync(options));
        Assert.Contains("standby", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Name the primary", refused.Message, StringComparison.Ordinal);
        await using var reads = Sessions.Reads(options, 2);
        var failure = await Assert.ThrowsAsync<PostgresException>(
            async () => await (await reads.OpenConnectionAsync(Cancel)).DisposeAsync());
        Assert.True(PostgresErrors.IsPassing(failure));
    }

    [Fact]
    public void Several_hosts_are_refused()
    {
        var options = new PostgresOptions { ConnectionString = "Host=a,b;Database=d;Username=u" };
        Assert.Contains("several hosts", Assert.Single(options.Validate(new(options))).ErrorMessage, StringComparison.Ordinal);
    }
}
