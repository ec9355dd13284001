using Lifecycle.Crash.Load;
using Lifecycle.Crash.Machine;

namespace Lifecycle.Crash.Cluster;

/// <summary>The processes of a run on one database, and the load over all of their fronts.</summary>
internal sealed class ClusterOfRun : IAsyncDisposable
{
    private readonly TrafficOfRun _traffic;

    private ClusterOfRun(PostgresOfRun database, IReadOnlyList<Silo> silos, TrafficOfRun traffic) =>
        (Database, Silos, _traffic) = (database, silos, traffic);

    public PostgresOfRun Database { get; }

    public IReadOnlyList<Silo> Silos { get; }

    public static async Task<ClusterOfRun> StartAsync(
        CrashOptions options, string program, string folder, Watch watch, TrafficOfRun traffic,
        IEnumerable<string> arguments, CancellationToken cancel)
    {
        var database = new PostgresOfRun(folder);
        await database.StartAsync(cancel);
        var silos = Enumerable.Range(1, options.Silos).Select(number => new Silo(
            number, program,
            [.. database.Arguments, $"--Lifecycle:Engine:Lease={options.Lease}", .. arguments], folder, watch))
            .ToArray();
        var cluster = new ClusterOfRun(database, silos, traffic);
        try
        {
            // The first one makes the tables; the others find out about each other.
            await cluster.StartAsync(cancel, silos[0]);
            await cluster.StartAsync(cancel, silos[1..]);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts processes in their places, waits until they are ready, and sends the load there too.</summary>
    public async Task StartAsync(CancellationToken cancel, params IEnumerable<Silo> silos)
    {
        await Task.WhenAll(silos.Select(StartOneAsync));

        async Task StartOneAsync(Silo silo)
        {
            await silo.StartAsync(cancel);
            await silo.ReadyAsync(cancel);
            _traffic.Door.Enter(silo.Site);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _traffic.Door.Close();
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Database.DisposeAsync();
    }
}
