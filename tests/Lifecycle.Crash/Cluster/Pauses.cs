using System.Diagnostics;

namespace Lifecycle.Crash.Cluster;

/// <summary>How long clients got no success, each for a customer of its own.</summary>
internal sealed class Pauses
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (long Since, string Customer)> _open = [];
    private readonly Dictionary<int, long> _succeeded = [];
    private (TimeSpan Pause, string Customer) _longest;
    private int _round;

    /// <summary>
    /// The clients have other customers in each: those of long ago live where nobody was killed since.
    /// </summary>
    public int Round => Volatile.Read(ref _round);

    /// <summary>The clients take others, once they have got what they ask for now.</summary>
    public void MoveOn() => Interlocked.Increment(ref _round);

    /// <summary>The client begins to ask.</summary>
    public void Begin(int client, string customer)
    {
        lock (_lock) _open[client] = (Stopwatch.GetTimestamp(), customer);
    }

    /// <summary>It has got what it asked for.</summary>
    public void End(int client)
    {
        lock (_lock)
        {
            _open.Remove(client, out var open);
            _succeeded[client] = open.Since;
            Take(Stopwatch.GetElapsedTime(open.Since), open.Customer);
        }
    }

    /// <summary>The longest since the last time that this was asked, and whose it was.</summary>
    public (TimeSpan Pause, string Customer) Next()
    {
        lock (_lock)
        {
            foreach (var (since, customer) in _open.Values) Take(Stopwatch.GetElapsedTime(since), customer);
            var longest = _longest;
            _longest = default;
            return longest;
        }
    }

    /// <summary>Waits until every client has got what it began to ask for after now.</summary>
    /// <exception cref="TimeoutException">One has not.</exception>
    public async Task AllAsync(int clients, TimeSpan patience, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            lock (_lock)
                if (_succeeded.Count(client => client.Value > start) == clients) return;
            if (Stopwatch.GetElapsedTime(start) > patience)
                throw new TimeoutException($"Not every customer was served again within {patience.TotalSeconds:F0} s.");
            await Task.Delay(50, cancel);
        }
    }

    private void Take(TimeSpan pause, string customer)
    {
        if (pause > _longest.Pause) _longest = (pause, customer);
    }
}
