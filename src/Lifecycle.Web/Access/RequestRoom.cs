using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.Access;

/// <summary>So many requests at once and so many that wait for a place, the oldest first.</summary>
internal sealed class RequestRoom(int max, int waitingMax) : IDisposable
{
    private readonly SemaphoreSlim _free = new(max, max);
    private int _here;

    /// <summary>
    /// False when as many wait as may; else there is a place now, to be given back by <see cref="Leave"/>. Where one is
    /// free it costs no allocation: every request comes through here.
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
        _free.Release();
    }

    public void Dispose() => _free.Dispose();

    private async ValueTask<bool> WaitAsync(CancellationToken cancel)
    {
        try
        {
            await _free.WaitAsync(cancel);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _here);
            throw;
        }
    }
}
