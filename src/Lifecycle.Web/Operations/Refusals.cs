using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Operations;

/// <summary>
/// Counts the requests that are answered 429, and says so in a line now and then: a line for each would be the next
/// queue.
/// </summary>
internal sealed class Refusals(WebMeter meter, TimeProvider time, ILogger<Refusals> logger)
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _saidAt;
    private long _since;

    /// <param name="code">A problem code.</param>
    /// <param name="detail">For the operator: which limit it was this time.</param>
    public void Count(string code, string detail)
    {
        meter.Refused(code);
        long refused;
        lock (_gate)
        {
            _since++;
            var now = time.GetTimestamp();
            if (_saidAt is { } said && time.GetElapsedTime(said, now) < SayEvery) return;
            _saidAt = now;
            (refused, _since) = (_since, 0);
        }

        WebLog.Refused(logger, refused, code, detail);
    }
}
