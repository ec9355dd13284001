using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Engine.Store;

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
    private ServerUnderTest _server;
    private IStore? _reader;

    private RunningSite(StoreUnderTest store, WorkerProcess worker, ServerUnderTest server) =>
        (_store, _worker, _server) = (store, worker, server);

    public Site Site => new(_server.Address, _server.Key);

    /// <summary>Starts a server on an empty store; takes the store over, also when that fails.</summary>
    public static async Task<RunningSite> StartAsync(
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
    public async Task SeedAsync(int customers, CancellationToken cancel)
    {
        var job = new IngestJob(
            Site, new(customers, Choice.Once), SeedBatch, SeedConnections, SeedMax.TotalSeconds);
        await IngestAsync(job, cancel);
    }

    /// <summary>Sends events, and waits until they are in the table of customers; that is part of the cost.</summary>
    public async Task<Sample> IngestAsync(IngestJob job, CancellationToken cancel)
    {
        _reader ??= await _store.OpenReaderAsync();
        var meter = Meter();
        var before = meter.Read();
        var load = _worker.RunAsync(job, cancel);
        var lag = await new ProjectionWatch(_reader).FollowAsync(load, cancel);
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
        var key = _server.Key;
        await _server.DisposeAsync();
        _server = await ServerUnderTest.StartAsync(_store.Arguments, key, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_reader is not null) await _reader.DisposeAsync();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
    }

    private ProcessorMeter Meter() => new(_server.ProcessId, _store.DatabaseProcess);
}
