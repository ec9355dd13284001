namespace Lifecycle.Cluster.Tests.Support;

/// <summary>Several processes of one cluster over one schema.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestSilo> _silos = [];
    private readonly Func<(string Name, string Value)[], Task<TestSilo>> _start;

    private TestCluster(string name, Func<(string Name, string Value)[], Task<TestSilo>> start) => (Name, _start) = (name, start);

    /// <summary>Of the cluster and of the schema.</summary>
    public string Name { get; }

    public IReadOnlyList<TestSilo> Silos => _silos;

    public static async Task<TestCluster> StartAsync(
        TestDatabase database, int silos, params (string Name, string Value)[] settings)
    {
        var name = database.NextName();
        var (connectionString, folder) = (database.ConnectionString, database.FolderOf(name));
        var cluster = new TestCluster(name, more => TestSilo.StartAsync(
            connectionString, folder, name, null, [("Lifecycle:Postgres:Schema", name), .. settings, .. more]));
        try
        {
            for (var i = 0; i < silos; i++) await cluster.AddAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <param name="settings">Further ones, of this process alone.</param>
    public async Task<TestSilo> AddAsync(params (string Name, string Value)[] settings)
    {
        var silo = await _start(settings);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>Stops one in good order.</summary>
    public async Task StopAsync(TestSilo silo)
    {
        _silos.Remove(silo);
        await silo.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        while (_silos.Count > 0) await StopAsync(_silos[^1]);
    }
}
