using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Access;

/// <summary>
/// So many requests at once and so many that wait for a place: the oldest first, and none for longer than it may.
/// </summary>
internal sealed class RequestRoom(int max, int waitingMax, TimeSpan waitMax, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _free = new(max, max);
    private readonly Backlog _backlog = new(time);
    private int _here;

    /// <summary>Requests that have a place.</summary>
    public int Active => Math.Min(Here, max);

    /// <summary>Requests that wait for one.</summary>
    public int Waiting => Math.Max(0, Here - max);

    private int Here => Volatile.Read(ref _here);

    /// <summary>
    /// False when as many wait as may, or when it has waited for long enough; else there is a place now, to be given
    /// back by <see cref="Leave"/>. Where one is free it costs no allocation: every request comes through here.
    /// </summary>
    public ValueTask<bool> EnterAsync(HttpContext http)
    {
        if (Interlocked.Increment(ref _here) > max + waitingMax)
        {
            Interlocked.Decrement(ref _here);
            return new(false);
        }

        return _free.Wait(0, CancellationToken.None) ? new(true) : WaitAsync(http.RequestAborted);
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _here);
        _backlog.Count();
        _free.Release();
    }

    /// <summary>When those who are here will have gone, as fast as the last ones went.</summary>
    public TimeSpan RetryAfter() => _backlog.TimeFor(Here);

    public void Dispose() => _free.Dispose();

    private async ValueTask<bool> WaitAsync(CancellationToken cancel)
    {
        _backlog.Look();
        var entered = false;
        try
        {
            return entered = await _free.WaitAsync(waitMax, cancel);
        }
        finally
        {
            if (!entered) Interlocked.Decrement(ref _here);
        }
    }
}
