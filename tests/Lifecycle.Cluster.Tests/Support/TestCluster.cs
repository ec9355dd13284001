using Microsoft.Extensions.Hosting;

namespace Lifecycle.Cluster.Tests.Support;

/// <summary>Several processes of one cluster over one schema.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<TestSilo> _silos = [];
    private readonly Starter _start;

    private TestCluster(string name, Starter start) => (Name, _start) = (name, start);

    private delegate Task<TestSilo> Starter(
        Action<IHostApplicationBuilder>? more, (string Name, string Value)[] settings);

    /// <summary>Of the cluster and of the schema.</summary>
    public string Name { get; }

    public IReadOnlyList<TestSilo> Silos => _silos;

    public static async Task<TestCluster> StartAsync(
        TestDatabase database, int silos, params (string Name, string Value)[] settings)
    {
        var name = database.NextName();
        var (connectionString, folder) = (database.ConnectionString, database.FolderOf(name));
        var cluster = new TestCluster(name, (more, own) => TestSilo.StartAsync(
            connectionString, folder, name, more, [("Lifecycle:Postgres:Schema", name), .. settings, .. own]));
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
    public Task<TestSilo> AddAsync(params (string Name, string Value)[] settings) => AddAsync(null, settings);

    /// <param name="more">What else is put into its host; null for nothing.</param>
    /// <param name="settings">Further ones, of this process alone.</param>
    public async Task<TestSilo> AddAsync(
        Action<IHostApplicationBuilder>? more, params (string Name, string Value)[] settings)
    {
        var silo = await _start(more, settings);
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
