using Lifecycle.Engine.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Access;

/// <summary>
/// Reads the keys again and again where other processes make and revoke them too. While the store cannot be read the
/// keys stay as they were; the lease runs out then, and nothing is answered.
/// </summary>
internal sealed class KeyWatch(IStore store, ApiKeys keys, TimeProvider time, ILogger<KeyWatch> logger)
    : BackgroundService
{
    /// <summary>Half of what is promised: a key that was revoked is refused everywhere within two seconds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!store.IsShared) return;
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await ReadAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        try
        {
            await keys.LoadAsync(cancel);
        }
        catch (StoreException e)
        {
            WebLog.KeysUnread(logger, e);
        }
    }
}
