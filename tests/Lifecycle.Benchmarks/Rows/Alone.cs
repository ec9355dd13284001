using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;

namespace Lifecycle.Benchmarks.Rows;

/// <summary>A job without a store of ours behind a server.</summary>
internal static class Alone
{
    public static async Task<Sample> RunAsync(
        WorkerProcess worker, ProcessorMeter meter, Job job, CancellationToken cancel)
    {
        var before = meter.Read();
        var result = await worker.RunAsync(job, cancel);
        return new(result.Rate) { Latency = result.Latency, Processor = meter.Since(before, result) };
    }
}
