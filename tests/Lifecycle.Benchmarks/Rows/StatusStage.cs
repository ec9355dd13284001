using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>Status reads of customers in memory beside an endpoint that answers the same bytes from a field.</summary>
internal sealed class StatusStage : Stage
{
    public const string Path = "/v1/customers/{id}/status";
    private const int Connections = 64;

    // At half load a connection waits for its turn far more often than for an answer.
    private const int LatencyConnections = 32;

    private readonly Setting _setting;
    private readonly Crowd _crowd;
    private readonly SqliteSource _source;
    private RunningSite? _site;
    private ServerUnderTest? _bare;
    private double _rate;

    public StatusStage(Setting setting)
    {
        _setting = setting;
        _crowd = new(setting.Options.Resident, Choice.Uniform);
        _source = new(System.IO.Path.Combine(setting.Folder, "status"));
        Rows =
        [
            new Row(
                "status", $"status reads, {_crowd.Count:N0} resident, {Connections} connections",
                new Contender("status", "reads/s", (time, cancel) => ReadAsync(Path, null, time, cancel)),
                new Comparison(
                    new("bare endpoint", "reads/s", (time, cancel) => ReadAsync(BareHost.Path, null, time, cancel)),
                    Target.Share(0.8))),
            new Row(
                "status-latency", "status reads at half load, latency",
                new Contender("status at half load", "ms p99", (time, cancel) => LatencyAsync(Path, time, cancel)),
                new Comparison(
                    new("bare endpoint at the same rate", "ms p99",
                        (time, cancel) => LatencyAsync(BareHost.Path, time, cancel))))
            {
                IsQuick = false,
            },
        ];
    }

    public override IReadOnlyList<Row> Rows { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        _site = await RunningSite.StartAsync(_source, "resident", _crowd.Count, _setting.Worker, cancel);
        // A history of some entries each.
        await _site.IngestAsync(
            new(_site.Site, _crowd, 1_000, 8, _setting.Options.RoundTime.TotalSeconds), cancel);
        _bare = await ServerUnderTest.StartAsync(
            [typeof(BareHost).Assembly.Location, BareHost.Argument],
            (await _source.NewAsync("bare", cancel)).Arguments, null, cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_bare is not null) await _bare.DisposeAsync();
        if (_site is not null) await _site.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<Sample> ReadAsync(string path, double? rate, TimeSpan time, CancellationToken cancel)
    {
        var isBare = path == BareHost.Path;
        var job = new ReadJob(
            isBare ? new(_bare!.Address, _bare.Key) : _site!.Site, path, _crowd,
            rate is null ? Connections : LatencyConnections, time.TotalSeconds, rate);
        if (!isBare) return await _site!.ReadAsync(job, cancel);
        return await Alone.RunAsync(_setting.Worker, new(_bare!.ProcessId, null), job, cancel);
    }

    private async Task<Sample> LatencyAsync(string path, TimeSpan time, CancellationToken cancel)
    {
        if (_rate == 0) _rate = (await ReadAsync(Path, null, time, cancel)).Value / 2;
        var sample = await ReadAsync(path, _rate, time, cancel);
        return sample with { Value = sample.Latency!.P99 };
    }
}
