using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>How events are sent in all rows: enough connections that none waits for the network.</summary>
internal static class IngestRows
{
    public static readonly IReadOnlyList<int> Batches = [100, 10, 1];

    /// <summary>For each size of a request.</summary>
    public static int ConnectionsOf(int batch) => batch switch
    {
        1 => 64,
        10 => 32,
        _ => 16,
    };

    public static string Name(int batch) => batch == 1 ? "one event a request" : $"{batch} events a request";

    /// <summary>Our ingest over HTTP.</summary>
    /// <param name="site">Known once the stage is prepared.</param>
    public static Contender Ours(Func<Machine.RunningSite> site, string store, Crowd crowd, int batch) => new(
        $"{store}: {Name(batch)}", "events/s",
        (time, cancel) => site().IngestAsync(
            new IngestJob(site().Site, crowd, batch, ConnectionsOf(batch), time.TotalSeconds), cancel));
}
