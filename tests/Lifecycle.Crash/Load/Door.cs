namespace Lifecycle.Crash.Load;

/// <summary>
/// Where the load goes: the server of now, or the fronts of a cluster in turn; and how many writes are under way there.
/// </summary>
public sealed class Door
{
    private readonly Lock _lock = new();
    private readonly List<Site> _sites = [];
    private TaskCompletionSource _some = New();
    private TaskCompletionSource _nextWrite = New();
    private int _turn;
    private int _writing;
    private long _acknowledged;

    /// <summary>Requests that write and wait for their answers.</summary>
    public int WritesUnderWay => Volatile.Read(ref _writing);

    /// <summary>Inputs acknowledged in all.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>The next server in turn; waits for one while there is none.</summary>
    /// <param name="cancel">Ends the waiting.</param>
    /// <param name="former">The one that gave no answer: another is taken where there is one.</param>
    public async Task<Site> SiteAsync(CancellationToken cancel, Site? former = null)
    {
        while (true)
        {
            Task some;
            lock (_lock)
            {
                if (_sites.Count > 0) return Next(former);
                some = _some.Task;
            }

            await some.WaitAsync(cancel);
        }
    }

    /// <summary>Done when the next request that writes is sent.</summary>
    public Task NextWriteAsync()
    {
        lock (_lock) return _nextWrite.Task;
    }

    /// <summary>The load goes there from now on; nobody waits for the server before it.</summary>
    public void Open(Site site)
    {
        lock (_lock)
        {
            Leave();
            Add(site);
        }
    }

    /// <summary>The load goes there too.</summary>
    public void Enter(Site site)
    {
        lock (_lock)
            if (!_sites.Contains(site)) Add(site);
    }

    /// <summary>Nothing more is sent there; who waits for it waits on.</summary>
    public void Part(Site site)
    {
        lock (_lock) _sites.Remove(site);
    }

    /// <summary>The load waits.</summary>
    public void Close()
    {
        lock (_lock) Leave();
    }

    /// <summary>A request that writes is being sent; dispose when it is answered or given up.</summary>
    public IDisposable Write()
    {
        Interlocked.Increment(ref _writing);
        TaskCompletionSource begun;
        lock (_lock) (begun, _nextWrite) = (_nextWrite, New());
        begun.SetResult();
        return new Under(this);
    }

    public void Acknowledge(int inputs) => Interlocked.Add(ref _acknowledged, inputs);

    private Site Next(Site? former)
    {
        var next = _sites[_turn++ % _sites.Count];
        return next == former ? _sites[_turn++ % _sites.Count] : next;
    }

    private void Add(Site site)
    {
        _sites.Add(site);
        _some.TrySetResult();
        _some = New();
    }

    private void Leave()
    {
        foreach (var site in _sites) site.Leave();
        _sites.Clear();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Under(Door door) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref door._writing);
    }
}
