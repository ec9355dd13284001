using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;
using Lifecycle.Benchmarks.Rows;
using Lifecycle.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>The COPY limit as contenders, in a database with our tables on the same server.</summary>
/// <param name="ours">The database that lends its bodies.</param>
internal sealed class CopyLimit(Setting setting, PostgresSource source, Crowd crowd, string ours)
{
    private const string Database = "copied";

    public Contender One => field ??= Connections("COPY of the same rows, 1 connection", 1);

    public Contender Two => field ??= Connections("COPY of the same rows, 2 connections", 2);

    /// <param name="rows">That the journal has at the start, as many as ours.</param>
    public async Task PrepareAsync(long rows, CancellationToken cancel)
    {
        var connection = await source.NewDatabaseAsync(Database, cancel);
        // Opened once: it makes its tables.
        await using (await PostgresStore.OpenAsync(
            new PostgresOptions { ConnectionString = connection }, TimeProvider.System, NullLogger.Instance, cancel))
        {
        }

        await setting.Worker.RunAsync(Job(2, double.MaxValue) with { RowsMax = rows }, cancel);
    }

    private Contender Connections(string name, int connections) => new(
        name, "events/s", (time, cancel) => Alone.RunAsync(
            setting.Worker, new(null, source.ProcessId), Job(connections, time.TotalSeconds), cancel));

    private CopyInJob Job(int connections, double seconds) => new(
        source.ConnectionStringOf(Database), source.ConnectionStringOf(ours), crowd, connections, seconds);
}
