using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>Ingest over HTTP into PostgreSQL beside what one would write in SQL on the same server.</summary>
internal sealed class PostgresIngestStage : Stage
{
    private const int OneConnections = 32;
    private const int ManyConnections = 8;

    private readonly Setting _setting;
    private readonly Crowd _crowd;
    private PostgresServer? _server;
    private RunningSite? _site;
    private string _baselines = "";

    public PostgresIngestStage(Setting setting)
    {
        _setting = setting;
        _crowd = new Crowd(setting.Options.Resident, Choice.Zipf);
        var one = Sql("just SQL, 32 connections", SqlForm.One, OneConnections);
        var many = Sql("set-based SQL, 100 a transaction, 8 connections", SqlForm.Many, ManyConnections);
        var counters = Sql("the same, windows that never age", SqlForm.ManyCounters, ManyConnections);
        var state = Sql("a state of 600 bytes for each event, 32 connections", SqlForm.State, OneConnections);
        Rows =
        [
            Row(
                100, new Comparison(one, Within(Target.Times(5))), new Comparison(many, Within(Target.Times(1.5))),
                new Comparison(counters), new Comparison(state)),
            Row(10, new Comparison(one), new Comparison(many)),
            Row(1, new Comparison(one)),
        ];
    }

    public override IReadOnlyList<Row> Rows { get; }

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        _server = await PostgresServer.StartAsync(Path.Combine(_setting.Folder, "postgres"), cancel);
        _baselines = await _server.NewDatabaseAsync("baselines", cancel);
        await SqlSchema.MakeAsync(_baselines, _crowd.Count, _crowd.Count, cancel);
        _site = await RunningSite.StartAsync(
            new SqliteUnderTest(Path.Combine(_setting.Folder, "standin")), _setting.Worker, cancel);
        await _site.SeedAsync(_crowd.Count, cancel);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_site is not null) await _site.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private static Target Within(Target target) => target with { LagMax = TimeSpan.FromSeconds(2) };

    private Row Row(int batch, params IReadOnlyList<Comparison> comparisons) => new(
        $"postgres-{batch}", $"PostgreSQL ingest, {IngestRows.Name(batch)}, {_crowd.Count:N0} resident, Zipf",
        IngestRows.Ours(() => _site!, "PostgreSQL", _crowd, batch), comparisons);

    private Contender Sql(string name, SqlForm form, int connections) => new(
        name, "events/s", async (time, cancel) =>
        {
            var meter = new ProcessorMeter(null, _server!.ProcessId);
            var before = meter.Read();
            var result = await _setting.Worker.RunAsync(
                new SqlJob(_baselines, form, _crowd, connections, time.TotalSeconds), cancel);
            return new Sample(result.Rate) { Latency = result.Latency, Processor = meter.Since(before, result) };
        });
}
