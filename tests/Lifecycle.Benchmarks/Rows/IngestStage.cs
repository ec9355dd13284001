using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>
/// Ingest over HTTP to durable for customers who are in memory, a hot one far more often than others; and its latency
/// at half of that load.
/// </summary>
internal abstract class IngestStage : Stage
{
    /// <summary>The store's name in its source.</summary>
    protected const string Store = "resident";

    private const int SustainedPrefill = 1_000_000;

    // Ours is to run for minutes; a baseline shows what it does in a third of the time.
    private const double SustainedBaseline = 1 / 3.0;

    private readonly StoreSource _source;
    private RunningSite? _site;

    protected IngestStage(Setting setting, StoreSource source)
    {
        (Setting, _source) = (setting, source);
        Crowd = new(setting.Options.Resident, Choice.Zipf);
    }

    public override IReadOnlyList<Row> Rows => field ??= Setting.Options.Sustained ? [Sustained()] : All();

    protected Setting Setting { get; }

    protected Crowd Crowd { get; }

    /// <summary>Rows that the baselines' tables have at the start: as many as ours, or past a cache.</summary>
    protected int Prefill => Setting.Options.Sustained ? SustainedPrefill : Crowd.Count;

    /// <summary>What a size of request stands beside.</summary>
    protected abstract IReadOnlyList<Comparison> Beside(int batch);

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel) =>
        _site = await RunningSite.StartAsync(_source, Store, Crowd.Count, Setting.Worker, cancel);

    public override async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        await _source.DisposeAsync();
    }

    private List<Row> All() =>
    [
        .. IngestRows.Batches.Select(batch => new Row(
            $"{_source.Key}-{batch}",
            $"{_source.Name} ingest, {IngestRows.Name(batch)}, {Crowd.Count:N0} resident, Zipf",
            IngestRows.Throughput(() => _site!, _source.Name, Crowd, batch), Beside(batch))),
        .. IngestRows.Batches.Where(batch => batch != 10).Select(batch => new Row(
            $"{_source.Key}-latency-{batch}", $"{_source.Name} ingest at half load, {IngestRows.Name(batch)}",
            IngestRows.Latency(() => _site!, _source.Name, Crowd, batch))
        {
            Phase = 1,
            IsQuick = false,
        }),
    ];

    private Row Sustained() => new(
        $"{_source.Key}-sustained",
        $"{_source.Name} ingest, {IngestRows.Name(100)}, {Crowd.Count:N0} resident, Zipf, " +
        $"{Setting.Options.Rounds * Setting.Options.RoundTime.TotalSeconds:N0} s in all",
        IngestRows.Throughput(() => _site!, _source.Name, Crowd, 100),
        [.. Beside(100).Select(c => c with { Baseline = c.Baseline with { TimeShare = SustainedBaseline } })]);
}
