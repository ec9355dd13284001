using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Lifecycle.Cluster.Shares;

[Reentrant, GrainType("schedule")]
internal sealed class ScheduleGrain(
    LifecycleEngine engine, IOptions<EngineOptions> engineOptions, IOptions<ClusterOptions> options,
    ILogger<ScheduleGrain> logger) : ShareGrain(engineOptions.Value.ScheduleEvery, logger), IScheduleGrain
{
    protected override Task RunAsync(CancellationToken cancel) => engine.Scheduler.RunOnceAsync(
        new KeyShare((int)this.GetPrimaryKeyLong(), options.Value.ScheduleShares), cancel);
}
