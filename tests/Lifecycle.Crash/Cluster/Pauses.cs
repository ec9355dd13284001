using System.Diagnostics;

namespace Lifecycle.Crash.Cluster;

/// <summary>How long clients got no success, each for a customer of its own.</summary>
internal sealed class Pauses
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _open = [];
    private readonly Dictionary<string, long> _succeeded = [];
    private (TimeSpan Pause, string Customer) _longest;

    /// <summary>The client begins to ask.</summary>
    public void Begin(string customer)
    {
        lock (_lock) _open[customer] = Stopwatch.GetTimestamp();
    }

    /// <summary>It has got what it asked for.</summary>
    public void End(string customer)
    {
        lock (_lock)
        {
            _open.Remove(customer, out var since);
            _succeeded[customer] = since;
            Take(Stopwatch.GetElapsedTime(since), customer);
        }
    }

    /// <summary>The longest since the last time that this was asked, and whose it was.</summary>
    public (TimeSpan Pause, string Customer) Next()
    {
        lock (_lock)
        {
            foreach (var (customer, since) in _open) Take(Stopwatch.GetElapsedTime(since), customer);
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
