using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>Our ingest over HTTP, as all stages send it.</summary>
internal static class IngestRows
{
    /// <summary>In latency rows a connection waits for its turn far more often than for an answer.</summary>
    private const int OpenConnections = 96;

    /// <summary>
    /// Longer than the delay of the table of customers: from then on the rows of events before are written while those
    /// of new ones are not yet, so that as many are written in the time that is measured as belong to its events.
    /// </summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.25);

    public static readonly IReadOnlyList<int> Batches = [100, 10, 1];

    public static string Name(int batch) => batch == 1 ? "one event a request" : $"{batch} events a request";

    /// <param name="site">Known once the stage is prepared.</param>
    public static Contender Throughput(Func<RunningSite> site, string store, Crowd crowd, int batch) => new(
        $"{store}, {Name(batch)}", "events/s",
        (time, cancel) => site().IngestAsync(JobOf(site(), crowd, batch, time), cancel));

    /// <summary>At half of the rate that the first round found, by a fixed schedule.</summary>
    public static Contender Latency(Func<RunningSite> site, string store, Crowd crowd, int batch)
    {
        var rate = 0.0;
        return new($"{store}, {Name(batch)}, half load", "ms p99", async (time, cancel) =>
        {
            if (rate == 0)
            {
                var full = await site().IngestAsync(JobOf(site(), crowd, batch, time), cancel);
                rate = full.Value / batch / 2;
            }

            var job = new IngestJob(site().Site, crowd, batch, OpenConnections, time.TotalSeconds, rate);
            var sample = await site().IngestAsync(job, cancel);
            return sample with { Value = sample.Latency!.P99 };
        });
    }

    private static IngestJob JobOf(RunningSite site, Crowd crowd, int batch, TimeSpan time) =>
        new(
            site.Site, crowd, batch, ConnectionsOf(batch), time.TotalSeconds, WarmUpSeconds: WarmUp.TotalSeconds);

    /// <summary>Enough that the server is never without a request; more only wait.</summary>
    private static int ConnectionsOf(int batch) => batch switch
    {
        1 => 64,
        10 => 32,
        _ => 16,
    };
}
