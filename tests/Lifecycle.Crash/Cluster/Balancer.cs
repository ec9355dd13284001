using Lifecycle.Crash.Load;

namespace Lifecycle.Crash.Cluster;

/// <summary>Sends the load to the fronts that say that they are ready, as a balancer before them does.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<Silo, int> _ready = [];
    private readonly Door _door;
    private readonly Task _polls;

    public Balancer(ClusterOfRun cluster, Door door)
    {
        _door = door;
        _polls = Task.WhenAll(cluster.Silos.Select(silo => Task.Run(() => PollAsync(silo))));
    }

    /// <summary>Waits until a front has the load again.</summary>
    /// <exception cref="TimeoutException">It has not.</exception>
    public async Task HasAsync(Silo silo, TimeSpan patience, CancellationToken cancel)
    {
        var now = PollsOf(silo);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ends.CancelAfter(patience);
        while (PollsOf(silo) < now + 2)
        {
            if (ends.IsCancellationRequested) throw new TimeoutException($"{silo.Name} got no load again.");
            await Task.Delay(Every, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _polls;
        _stop.Dispose();
    }

    private int PollsOf(Silo silo)
    {
        lock (_ready) return _ready.GetValueOrDefault(silo);
    }

    private async Task PollAsync(Silo silo)
    {
        using var http = new HttpClient { BaseAddress = silo.Site.Http.BaseAddress, Timeout = AnswerMax };
        try
        {
            while (true)
            {
                var isReady = await Readiness.AskAsync(http, _stop.Token);
                if (isReady) _door.Enter(silo.Site);
                else _door.Part(silo.Site);
                lock (_ready) _ready[silo] = isReady ? PollsOf(silo) + 1 : PollsOf(silo);
                await Task.Delay(Every, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }
}
