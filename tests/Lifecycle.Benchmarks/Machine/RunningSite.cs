using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Machine;

/// <summary>A store with its server and what is measured there.</summary>
internal sealed class RunningSite : IAsyncDisposable
{
    /// <summary>Events a request when customers are made: as fast as it goes.</summary>
    private const int SeedBatch = 1_000;
    private const int SeedConnections = 8;
    private static readonly TimeSpan SeedMax = TimeSpan.FromMinutes(10);

    private readonly StoreUnderTest _store;
    private readonly WorkerProcess _worker;
    private ServerUnderTest? _server;
    private Marks? _marks;

    private RunningSite(StoreUnderTest store, WorkerProcess worker, ServerUnderTest server) =>
        (_store, _worker, _server) = (store, worker, server);

    public Site Site => new(Server.Address, Server.Key);

    private ServerUnderTest Server =>
        _server ?? throw new InvalidOperationException("The server was not started again.");

    /// <summary>Starts a server on a new store with customers in it.</summary>
    public static async Task<RunningSite> StartAsync(
        StoreSource source, string name, int customers, WorkerProcess worker, CancellationToken cancel)
    {
        var site = await StartAsync(await source.NewAsync(name, cancel), worker, cancel);
        try
        {
            await site.SeedAsync(customers, cancel);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server on an empty store; takes the store over, also when that fails.</summary>
    private static async Task<RunningSite> StartAsync(
        StoreUnderTest store, WorkerProcess worker, CancellationToken cancel)
    {
        try
        {
            return new(store, worker, await ServerUnderTest.StartAsync(store.Arguments, null, cancel));
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one event for each of the first customers, so that they exist and are in memory.</summary>
    private async Task SeedAsync(int customers, CancellationToken cancel)
    {
        var job = new IngestJob(
            Site, new(customers, Choice.Once), SeedBatch, SeedConnections, SeedMax.TotalSeconds);
        await IngestAsync(job, cancel);
    }

    /// <summary>Sends events, and waits until they are in the table of customers; that is part of the cost.</summary>
    public async Task<Sample> IngestAsync(IngestJob job, CancellationToken cancel)
    {
        _marks ??= await _store.OpenMarksAsync(cancel);
        var meter = Meter();
        var before = meter.Read();
        var load = _worker.RunAsync(job, cancel);
        var lag = await new ProjectionWatch(_marks).FollowAsync(load, cancel);
        var result = await load;
        return new(result.Rate)
        {
            Lag = lag, Latency = result.Latency, Processor = meter.Since(before, result),
        };
    }

    /// <summary>Any load that writes nothing.</summary>
    public async Task<Sample> ReadAsync(Job job, CancellationToken cancel)
    {
        var meter = Meter();
        var before = meter.Read();
        var result = await _worker.RunAsync(job, cancel);
        return new(result.Rate) { Latency = result.Latency, Processor = meter.Since(before, result) };
    }

    /// <summary>Ends the server and starts another on the same store: nobody is in memory.</summary>
    public async Task RestartAsync(CancellationToken cancel)
    {
        // Whoever reads a folder keeps its server from leaving it tidy.
        await CloseMarksAsync();
        var key = Server.Key;
        await StopAsync();
        _server = await ServerUnderTest.StartAsync(_store.Arguments, key, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseMarksAsync();
        await StopAsync();
        await _store.DisposeAsync();
    }

    private async Task StopAsync()
    {
        var server = _server;
        // A start that is interrupted leaves none to be stopped again.
        _server = null;
        if (server is not null) await server.DisposeAsync();
    }

    private async Task CloseMarksAsync()
    {
        if (_marks is not null) await _marks.DisposeAsync();
        _marks = null;
    }

    private ProcessorMeter Meter() => new(Server.ProcessId, _store.DatabaseProcess);
}
