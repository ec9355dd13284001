using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>Ingest over HTTP into the embedded store beside prepared inserts, as many to a transaction.</summary>
internal sealed class SqliteIngestStage : Stage
{
    private static readonly Target Speed = Target.Times(1.25) with { LagMax = TimeSpan.FromSeconds(5) };

    private readonly Setting _setting;
    private readonly string _folder;
    private RunningSite? _site;

    public SqliteIngestStage(Setting setting)
    {
        _setting = setting;
        _folder = Path.Combine(setting.Folder, "sqlite");
        var crowd = new Crowd(setting.Options.Resident, Choice.Zipf);
        Rows =
        [
            .. IngestRows.Batches.Select(batch => new Row(
                $"sqlite-{batch}", $"SQLite ingest, {IngestRows.Name(batch)}, {crowd.Count:N0} resident, Zipf",
                IngestRows.Ours(() => _site!, "SQLite", crowd, batch),
                new Comparison(Inserts(batch), batch == 100 ? Speed : null))),
        ];
    }

    public override IReadOnlyList<Row> Rows { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        Directory.CreateDirectory(_folder);
        _site = await RunningSite.StartAsync(
            new SqliteUnderTest(Path.Combine(_folder, "data")), _setting.Worker, cancel);
        await _site.SeedAsync(_setting.Options.Resident, cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private Contender Inserts(int transaction) => new(
        transaction == 1 ? "prepared inserts, each a transaction" : $"prepared inserts, {transaction} a transaction",
        "events/s", async (time, cancel) =>
        {
            var meter = new ProcessorMeter(null, null);
            var before = meter.Read();
            var result = await _setting.Worker.RunAsync(
                new SqliteInsertJob(
                    Path.Combine(_folder, "inserts"), Path.Combine(_folder, "data"), _setting.Options.Resident,
                    _setting.Options.Resident, transaction, time.TotalSeconds),
                cancel);
            return new Sample(result.Rate) { Processor = meter.Since(before, result) };
        });
}
