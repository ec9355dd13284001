using System.Diagnostics;
using System.Net;

namespace Lifecycle.Overload.Site;

/// <summary>Asks whether a server is ready, over a new connection each time, as a load balancer does.</summary>
internal sealed class ReadinessWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task _loop;

    public ReadinessWatch(Uri address) => _loop = Task.Run(() => WatchAsync(new(address, "/health/ready")));

    /// <summary>Since the watch began.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>When it was ready for the last time.</summary>
    public TimeSpan? Ready { get; private set; }

    /// <summary>When it first said that it is not.</summary>
    public TimeSpan? NotReady { get; private set; }

    /// <summary>When first nobody answered.</summary>
    public TimeSpan? Gone { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task WatchAsync(Uri ready)
    {
        while (!_stopping.IsCancellationRequested)
        {
            var asked = Now;
            try
            {
                using var answer = await _http.GetAsync(ready, _stopping.Token);
                if (answer.StatusCode == HttpStatusCode.OK) Ready = asked;
                else NotReady ??= asked;
            }
            catch (HttpRequestException)
            {
                Gone ??= asked;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Every);
        }
    }
}
