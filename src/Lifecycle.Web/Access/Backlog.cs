namespace Lifecycle.Web.Access;

/// <summary>
/// Tells those who are refused when to come back: when those who are here will have gone, as fast as others went in the
/// last seconds.
/// </summary>
internal sealed class Backlog(TimeProvider time)
{
    /// <summary>What is told at least: the header knows whole seconds.</summary>
    public static readonly TimeSpan RetryAfterMin = TimeSpan.FromSeconds(1);

    /// <summary>What is told at most, also while nothing moves: it may move again at any time.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(30);

    /// <summary>How long a pace is measured at least; it is forgotten after ten times as long.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _gone;
    private long _refused;

    // Guarded by _gate: when so many had gone, and the same one window earlier.
    private (long At, long Gone) _mark = (time.GetTimestamp(), 0);
    private (long At, long Gone) _before = (time.GetTimestamp(), 0);

    /// <summary>One has gone.</summary>
    public void Count() => Interlocked.Increment(ref _gone);

    /// <summary>Keeps the pace up to date; called when somebody has to wait.</summary>
    public void Look()
    {
        lock (_gate) Move();
    }

    /// <summary>
    /// Where all are told the same they come back together: each is told another one of the seconds from when there
    /// should be room to twice as late.
    /// </summary>
    public TimeSpan TimeFor(int here)
    {
        double seconds;
        lock (_gate)
        {
            Move();
            var elapsed = time.GetElapsedTime(_before.At);
            var gone = Interlocked.Read(ref _gone) - _before.Gone;
            // Too short to know.
            if (elapsed < Window / 4) return RetryAfterMin;
            seconds = gone == 0 ? RetryAfterMax.TotalSeconds : here * elapsed.TotalSeconds / gone;
        }

        var least = (long)Math.Clamp(
            Math.Ceiling(seconds), RetryAfterMin.TotalSeconds, RetryAfterMax.TotalSeconds / 2);
        return TimeSpan.FromSeconds(least + Interlocked.Increment(ref _refused) % (least + 1));
    }

    private void Move()
    {
        var now = (At: time.GetTimestamp(), Gone: Interlocked.Read(ref _gone));
        var age = time.GetElapsedTime(_mark.At, now.At);
        if (age < Window) return;
        // Of a pace that is long ago nothing follows.
        _before = age > 10 * Window ? now : _mark;
        _mark = now;
    }
}
