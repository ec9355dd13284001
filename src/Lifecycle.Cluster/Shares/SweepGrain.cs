using Lifecycle.Engine.Hosting;
using Orleans.Concurrency;

namespace Lifecycle.Cluster.Shares;

[Reentrant, GrainType("sweep")]
internal sealed class SweepGrain(LifecycleEngine engine, ILogger<SweepGrain> logger)
    : ShareGrain(Every, logger), ISweepGrain
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override Task RunAsync(CancellationToken cancel) => engine.ProgramSweep.SweepAsync(cancel);
}
