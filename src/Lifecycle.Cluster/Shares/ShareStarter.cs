using Microsoft.Extensions.Options;

namespace Lifecycle.Cluster.Shares;

/// <summary>Sees to it that every share of the work beside requests runs somewhere, once this process is up.</summary>
internal sealed class ShareStarter(
    IGrainFactory grains, IOptions<ClusterOptions> options, TimeProvider time, ILogger<ShareStarter> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The last one is the sweep.
        for (var share = options.Value.ScheduleShares; share >= 0;)
        {
            try
            {
                // While nobody in the cluster holds customers there is no such grain at all.
                await GrainOf(share).EnsureAsync();
                share--;
            }
            catch (Exception e)
            {
                ClusterLog.ShareFailed(logger, share, e);
                await Task.Delay(RetryEvery, time, stoppingToken);
            }
        }
    }

    private IShareGrain GrainOf(int share) => share < options.Value.ScheduleShares
        ? grains.GetGrain<IScheduleGrain>(share)
        : grains.GetGrain<ISweepGrain>(0);
}
