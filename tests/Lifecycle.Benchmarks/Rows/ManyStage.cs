using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>
/// Many customers, all alike likely: hardly any event finds its customer's row already changed in the same second. In
/// memory first; then, with the server started anew before each round, from the store.
/// </summary>
internal abstract class ManyStage : Stage
{
    protected const string Store = "many";

    private const int Batch = 100;
    private const int ReadConnections = 64;

    // Customers beside the crowd, by whom a server compiles its code before it is measured.
    private const int Others = 3_000;
    private static readonly TimeSpan WarmUpMax = TimeSpan.FromMinutes(1);

    private readonly StoreSource _source;
    private RunningSite? _site;

    protected ManyStage(Setting setting, StoreSource source)
    {
        (Setting, _source) = (setting, source);
        Crowd = new(setting.Options.Many, Choice.Uniform);
    }

    public override IReadOnlyList<Row> Rows => field ??=
    [
        new Row(
            $"{_source.Key}-many",
            $"{_source.Name} ingest, {IngestRows.Name(Batch)}, {Crowd.Count:N0} resident, uniform",
            IngestRows.Throughput(() => _site!, $"{_source.Name}, {Crowd.Count:N0} in memory", Crowd, Batch),
            BesideIngest)
        {
            IsQuick = false,
        },
        new Row(
            $"{_source.Key}-cold", "the same with nobody in memory",
            Cold($"{_source.Name}, {Crowd.Count:N0} cold", "events/s", IngestAsync))
        {
            Phase = 1,
            IsQuick = false,
        },
        new Row(
            $"{_source.Key}-activation", $"{_source.Name} status of customers who are not in memory",
            Cold($"{_source.Name}, activations", "reads/s", ActivateAsync), BesideActivation)
        {
            Phase = 1,
            IsQuick = false,
        },
    ];

    protected Setting Setting { get; }

    protected Crowd Crowd { get; }

    protected abstract IReadOnlyList<Comparison> BesideIngest { get; }

    protected abstract IReadOnlyList<Comparison> BesideActivation { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel) =>
        _site = await RunningSite.StartAsync(_source, Store, Crowd.Count, Setting.Worker, cancel);

    public override async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        await _source.DisposeAsync();
    }

    private Contender Cold(string name, string unit, Func<TimeSpan, CancellationToken, Task<Sample>> measure) => new(
        name, unit, async (time, cancel) =>
        {
            await _site!.RestartAsync(cancel);
            var others = new Crowd(Others, Choice.Once, First: Crowd.Count);
            await _site.IngestAsync(new(_site.Site, others, Batch, 4, WarmUpMax.TotalSeconds), cancel);
            await _site.ReadAsync(StatusJob(others, WarmUpMax), cancel);
            return await measure(time, cancel);
        })
    {
        WarmsUp = false,
    };

    private Task<Sample> IngestAsync(TimeSpan time, CancellationToken cancel) =>
        IngestRows.Throughput(() => _site!, "", Crowd, Batch).MeasureAsync(time, cancel);

    // Each customer once: a second read would find them in memory.
    private Task<Sample> ActivateAsync(TimeSpan time, CancellationToken cancel) =>
        _site!.ReadAsync(StatusJob(Crowd with { Choice = Choice.Once }, time), cancel);

    private ReadJob StatusJob(Crowd crowd, TimeSpan time) =>
        new(_site!.Site, StatusStage.Path, crowd, ReadConnections, time.TotalSeconds);
}

internal sealed class SqliteManyStage : ManyStage
{
    private readonly SqliteSource _source;

    public SqliteManyStage(Setting setting)
        : this(setting, new SqliteSource(Path.Combine(setting.Folder, "many-sqlite")))
    {
    }

    private SqliteManyStage(Setting setting, SqliteSource source)
        : base(setting, source) => _source = source;

    protected override IReadOnlyList<Comparison> BesideIngest =>
    [
        new(new("prepared inserts, 100 a transaction", "events/s", (time, cancel) => Alone.RunAsync(
            Setting.Worker, new(null, null),
            new SqliteInsertJob(
                _source.FolderOf("inserts"), _source.FolderOf(Store), Crowd, Prefill: Crowd.Count, Transaction: 100,
                time.TotalSeconds),
            cancel))),
    ];

    protected override IReadOnlyList<Comparison> BesideActivation =>
    [
        new(new("select of the stored row by its key", "reads/s", (time, cancel) => Alone.RunAsync(
            Setting.Worker, new(null, null), new SqliteRowJob(_source.FolderOf(Store), time.TotalSeconds), cancel))),
    ];
}

internal sealed class PostgresManyStage : ManyStage
{
    private readonly PostgresSource _source;
    private readonly SqlBaselines _sql;

    public PostgresManyStage(Setting setting)
        : this(setting, new PostgresSource(Path.Combine(setting.Folder, "many-postgres"), setting.Conditions))
    {
    }

    private PostgresManyStage(Setting setting, PostgresSource source)
        : base(setting, source) => (_source, _sql) = (source, new SqlBaselines(setting, source, Crowd));

    protected override IReadOnlyList<Comparison> BesideIngest => [new(_sql.One), new(_sql.Many)];

    protected override IReadOnlyList<Comparison> BesideActivation =>
    [
        new(new("select of the stored row by its key, 32 connections", "reads/s", (time, cancel) => Alone.RunAsync(
            Setting.Worker, new(null, _source.ProcessId),
            new SqlRowJob(_source.ConnectionStringOf(Store), time.TotalSeconds), cancel))),
    ];

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        await base.PrepareAsync(rows, cancel);
        if (rows.Any(row => row.Comparisons.Any(c => c.Baseline == _sql.One)))
            await _sql.PrepareAsync(Crowd.Count, cancel);
    }
}
