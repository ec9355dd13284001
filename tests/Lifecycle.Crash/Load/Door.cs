namespace Lifecycle.Crash.Load;

/// <summary>Where the load goes: the server of now, and how many writes are under way there.</summary>
public sealed class Door
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<Site> _site = New<Site>();
    private TaskCompletionSource _nextWrite = New();
    private int _writing;
    private long _acknowledged;

    /// <summary>Requests that write and wait for their answers.</summary>
    public int WritesUnderWay => Volatile.Read(ref _writing);

    /// <summary>Inputs acknowledged in all.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>The server of now; waits for the next one while there is none.</summary>
    public Task<Site> SiteAsync(CancellationToken cancel)
    {
        lock (_lock) return _site.Task.WaitAsync(cancel);
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
            _site.SetResult(site);
        }
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

    private void Leave()
    {
        if (!_site.Task.IsCompleted) return;
        var site = _site.Task.Result;
        _site = New<Site>();
        site.Leave();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Under(Door door) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref door._writing);
    }
}
