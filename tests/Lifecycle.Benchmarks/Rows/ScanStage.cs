using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>Every customer with every column over HTTP, beside the fastest way to read the table they come from.</summary>
internal sealed class SqliteScanStage : Stage
{
    private readonly Setting _setting;
    private readonly string _folder;
    private RunningSite? _site;

    public SqliteScanStage(Setting setting)
    {
        _setting = setting;
        _folder = Path.Combine(setting.Folder, "scan");
        Rows =
        [
            new Row(
                "sqlite-scan", $"SQLite scan to NDJSON, {setting.Options.Resident:N0} customers",
                new Contender("scan", "rows/s", (time, cancel) => _site!.ReadAsync(
                    new ScanJob(_site.Site, time.TotalSeconds), cancel)),
                new Comparison(new("select * from customers", "rows/s", SelectAsync))),
        ];
    }

    public override IReadOnlyList<Row> Rows { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        _site = await RunningSite.StartAsync(new SqliteUnderTest(_folder), _setting.Worker, cancel);
        await _site.SeedAsync(_setting.Options.Resident, cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
    }

    private async Task<Sample> SelectAsync(TimeSpan time, CancellationToken cancel)
    {
        var meter = new ProcessorMeter(null, null);
        var before = meter.Read();
        var result = await _setting.Worker.RunAsync(new SqliteSelectJob(_folder, time.TotalSeconds), cancel);
        return new(result.Rate) { Processor = meter.Since(before, result) };
    }
}
