using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>PostgreSQL beside what one would write in SQL on the same server.</summary>
internal sealed class PostgresIngestStage : IngestStage
{
    private readonly PostgresSource _source;
    private readonly SqlBaselines _sql;

    public PostgresIngestStage(Setting setting)
        : this(setting, new PostgresSource(Path.Combine(setting.Folder, "postgres")))
    {
    }

    private PostgresIngestStage(Setting setting, PostgresSource source)
        : base(setting, source) => (_source, _sql) = (source, new SqlBaselines(setting, source, Crowd));

    protected override IReadOnlyList<Comparison> Beside(int batch) => batch switch
    {
        100 =>
        [
            new(_sql.One, Within(Target.Times(5))), new(_sql.Many, Within(Target.Times(1.5))), new(_sql.ManyCounters),
            new(_sql.State),
        ],
        10 => [new(_sql.One), new(_sql.Many)],
        _ => [new(_sql.One)],
    };

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        await base.PrepareAsync(rows, cancel);
        await _sql.PrepareAsync(Crowd.Count, cancel);
    }

    private static Target Within(Target target) => target with { LagMax = TimeSpan.FromSeconds(2) };
}
