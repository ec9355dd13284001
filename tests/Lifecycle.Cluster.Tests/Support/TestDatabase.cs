using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Postgres.Private;

[assembly: AssemblyFixture(typeof(TestDatabase))]

namespace Lifecycle.Cluster.Tests.Support;

/// <summary>
/// One server for the whole run: that of LIFECYCLE_POSTGRES, a connection string of a role that may make schemas, or a
/// private one. Each cluster gets a schema of its own.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    // The server may run as another user, who gets the whole of its folder.
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-cluster-").FullName;
    private readonly string _keys = Directory.CreateTempSubdirectory("lifecycle-cluster-keys-").FullName;
    private PrivateServer? _server;
    private string? _connectionString;
    private int _names;

    /// <summary>Skips the test where there is no server.</summary>
    public string ConnectionString
    {
        get
        {
            Assert.SkipWhen(
                _connectionString is null, "No PostgreSQL is installed here and LIFECYCLE_POSTGRES does not name one.");
            return _connectionString!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _connectionString = Environment.GetEnvironmentVariable("LIFECYCLE_POSTGRES");
        if (!string.IsNullOrEmpty(_connectionString)) return;
        _connectionString = null;
        if (OperatingSystem.IsWindows() || PostgresBinaries.Find() is null) return;
        _server = await PrivateServer.StartAsync(
            new() { Folder = _folder, SharedBuffersMegabytes = 64, WalMegabytesMax = 512, ConnectionsMax = 400 },
            CancellationToken.None);
        _connectionString = _server.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_keys, recursive: true);
    }

    /// <summary>A name for a schema and a cluster that no other test has.</summary>
    internal string NextName() => $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _names)}";

    /// <summary>A folder for the installation's key, the same for all processes of a cluster.</summary>
    internal string FolderOf(string name) => Path.Combine(_keys, name);
}
