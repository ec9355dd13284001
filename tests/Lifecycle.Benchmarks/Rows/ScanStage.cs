using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>Every customer with every column over HTTP, beside the fastest way to read their table.</summary>
internal abstract class ScanStage : Stage
{
    private readonly StoreSource _source;
    private RunningSite? _site;

    protected ScanStage(Setting setting, StoreSource source) => (Setting, _source) = (setting, source);

    public override IReadOnlyList<Row> Rows => field ??=
    [
        new Row(
            $"{_source.Key}-scan", $"{_source.Name} scan to NDJSON, {Setting.Options.Resident:N0} customers",
            new Contender($"{_source.Name} scan", "rows/s", (time, cancel) => _site!.ReadAsync(
                new ScanJob(_site.Site, time.TotalSeconds), cancel)),
            Beside),
    ];

    protected Setting Setting { get; }

    /// <summary>The store's name in its source.</summary>
    protected const string Store = "scanned";

    protected abstract Comparison Beside { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel) =>
        _site = await RunningSite.StartAsync(_source, Store, Setting.Options.Resident, Setting.Worker, cancel);

    public override async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        await _source.DisposeAsync();
    }
}

/// <summary>Beside a select by the provider.</summary>
internal sealed class SqliteScanStage : ScanStage
{
    private readonly SqliteSource _source;

    public SqliteScanStage(Setting setting)
        : this(setting, new SqliteSource(Path.Combine(setting.Folder, "scan")))
    {
    }

    private SqliteScanStage(Setting setting, SqliteSource source)
        : base(setting, source) => _source = source;

    protected override Comparison Beside => new(new(
        "select * from customers", "rows/s", (time, cancel) => Alone.RunAsync(
            Setting.Worker, new(null, null), new SqliteSelectJob(_source.FolderOf(Store), time.TotalSeconds), cancel)));
}

/// <summary>Beside COPY OUT.</summary>
internal sealed class PostgresScanStage : ScanStage
{
    private readonly PostgresSource _source;

    public PostgresScanStage(Setting setting)
        : this(setting, new PostgresSource(Path.Combine(setting.Folder, "scan-postgres"), setting.Conditions))
    {
    }

    private PostgresScanStage(Setting setting, PostgresSource source)
        : base(setting, source) => _source = source;

    protected override Comparison Beside => new(
        new(
            "copy customers to stdout", "rows/s", (time, cancel) => Alone.RunAsync(
                Setting.Worker, new(null, _source.ProcessId),
                new CopyOutJob(_source.ConnectionStringOf(Store), time.TotalSeconds), cancel)),
        Target.Share(0.3));
}
