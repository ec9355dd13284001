using Lifecycle.Benchmarks.Baselines;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>The embedded store beside prepared inserts, as many to a transaction as ours come in a request.</summary>
internal sealed class SqliteIngestStage : IngestStage
{
    private static readonly Target Speed = Target.Times(1.25) with { LagMax = TimeSpan.FromSeconds(5) };

    private readonly SqliteSource _source;
    private readonly string _inserts;

    public SqliteIngestStage(Setting setting)
        : this(setting, new SqliteSource(Path.Combine(setting.Folder, "sqlite")))
    {
    }

    private SqliteIngestStage(Setting setting, SqliteSource source)
        : base(setting, source) => (_source, _inserts) = (source, source.FolderOf("inserts"));

    protected override IReadOnlyList<Comparison> Beside(int batch) =>
        [new Comparison(Inserts(batch), batch == 100 ? Speed : null)];

    private Contender Inserts(int transaction) => new(
        transaction == 1 ? "prepared inserts, each a transaction" : $"prepared inserts, {transaction} a transaction",
        "events/s", (time, cancel) => Alone.RunAsync(
            Setting.Worker, new(null, null),
            new SqliteInsertJob(
                _inserts, _source.FolderOf(Store), Crowd, Prefill, transaction, time.TotalSeconds),
            cancel));
}
