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
        var left = Enumerable.Range(0, options.Value.ScheduleShares)
            .Select(share => (IShareGrain)grains.GetGrain<IScheduleGrain>(share))
            .Append(grains.GetGrain<ISweepGrain>(0)).ToList();
        while (left.Count > 0)
        {
            try
            {
                await left[^1].EnsureAsync();
                left.RemoveAt(left.Count - 1);
            }
            catch (Exception e)
            {
                ClusterLog.ShareFailed(logger, left.Count - 1, e);
                await Task.Delay(RetryEvery, time, stoppingToken);
            }
        }
    }
}
