using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>Every customer with every column over HTTP, beside the fastest way to read the table they come from.</summary>
internal sealed class SqliteScanStage : Stage
{
    private const string Store = "scanned";

    private readonly Setting _setting;
    private readonly SqliteSource _source;
    private RunningSite? _site;

    public SqliteScanStage(Setting setting)
    {
        _setting = setting;
        _source = new(Path.Combine(setting.Folder, "scan"));
        Rows =
        [
            new Row(
                "sqlite-scan", $"SQLite scan to NDJSON, {setting.Options.Resident:N0} customers",
                new Contender("scan", "rows/s", (time, cancel) => _site!.ReadAsync(
                    new ScanJob(_site.Site, time.TotalSeconds), cancel)),
                new Comparison(new(
                    "select * from customers", "rows/s", (time, cancel) => Alone.RunAsync(
                        setting.Worker, new(null, null), new SqliteSelectJob(_source.FolderOf(Store), time.TotalSeconds), cancel)))),
        ];
    }

    public override IReadOnlyList<Row> Rows { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel) =>
        _site = await RunningSite.StartAsync(_source, Store, _setting.Options.Resident, _setting.Worker, cancel);

    public override async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        await _source.DisposeAsync();
    }
}
