namespace Lifecycle.Cluster.Tests.Support;

/// <summary>Several processes of one cluster over one schema.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestSilo> _silos = [];
    private readonly Func<Task<TestSilo>> _start;

    private TestCluster(Func<Task<TestSilo>> start) => _start = start;

    public IReadOnlyList<TestSilo> Silos => _silos;

    public static async Task<TestCluster> StartAsync(
        TestDatabase database, int silos, params (string Name, string Value)[] settings)
    {
        var name = database.NextName();
        var (connectionString, folder) = (database.ConnectionString, database.FolderOf(name));
        var cluster = new TestCluster(() => TestSilo.StartAsync(
            connectionString, folder, name, null, [("Lifecycle:Postgres:Schema", name), .. settings]));
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

    public async Task<TestSilo> AddAsync()
    {
        var silo = await _start();
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
