using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>All stages, in the order of the table.</summary>
internal static class Stages
{
    public static readonly IReadOnlyList<Func<Setting, Stage>> All =
    [
        setting => new SqliteIngestStage(setting),
        setting => new PostgresIngestStage(setting),
        setting => new StatusStage(setting),
        setting => new SqliteScanStage(setting),
        setting => new PostgresScanStage(setting),
        setting => new MemoryStage(setting),
    ];
}
