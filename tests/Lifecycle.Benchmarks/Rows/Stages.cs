using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>All stages, in the order of the table.</summary>
internal static class Stages
{
    public static readonly IReadOnlyList<Func<Setting, Stage>> All =
    [
        setting => new PostgresIngestStage(setting),
        setting => new SqliteIngestStage(setting),
        setting => new StatusStage(setting),
        setting => new PostgresScanStage(setting),
        setting => new SqliteScanStage(setting),
        setting => new MemoryStage(setting),
        setting => new GrowthStage(setting, postgres: true),
        setting => new GrowthStage(setting, postgres: false),
        setting => new PostgresManyStage(setting),
        setting => new SqliteManyStage(setting),
    ];
}
