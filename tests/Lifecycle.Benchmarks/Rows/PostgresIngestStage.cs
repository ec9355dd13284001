using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>PostgreSQL beside what one would write in SQL on the same server, and what the server can take.</summary>
internal sealed class PostgresIngestStage : IngestStage
{
    private readonly SqlBaselines _sql;
    private readonly CopyLimit _limit;

    public PostgresIngestStage(Setting setting)
        : this(setting, new PostgresSource(Path.Combine(setting.Folder, "postgres"), setting.Conditions))
    {
    }

    private PostgresIngestStage(Setting setting, PostgresSource source)
        : base(setting, source)
    {
        _sql = new SqlBaselines(setting, source, Crowd);
        _limit = new CopyLimit(setting, source, Crowd, Store);
    }

    protected override IReadOnlyList<Comparison> Beside(int batch) => batch switch
    {
        100 => PostgresTargets.Of(_sql, _limit),
        10 => [new(_sql.One), new(_sql.Many)],
        _ => [new(_sql.One)],
    };

    public override async Task PrepareAsync(IReadOnlyList<Row> rows, CancellationToken cancel)
    {
        await base.PrepareAsync(rows, cancel);
        await _sql.PrepareAsync(Prefill, cancel);
        await _limit.PrepareAsync(Prefill, cancel);
    }
}

/// <summary>What ingest of batches of 100 is held against.</summary>
internal static class PostgresTargets
{
    private static readonly TimeSpan LagMax = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Comparison> Of(SqlBaselines sql, CopyLimit limit) =>
    [
        new(sql.One, Within(Target.Times(5))), new(sql.Many, Within(Target.Times(1.5))), new(sql.ManyCounters),
        new(sql.State), new(limit.One, Within(Target.Share(0.45))), new(limit.Two, Within(Target.Share(0.45))),
    ];

    private static Target Within(Target target) => target with { LagMax = LagMax };
}
