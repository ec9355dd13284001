using System.Collections.Concurrent;

namespace Lifecycle.Web.Problems;

/// <summary>
/// Counts the requests that an outage leaves unanswered, so that the log gets a line at once and then one in ten
/// seconds, and not one for each of thousands.
/// </summary>
internal sealed class Outages(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Outage> _outages = new();

    /// <summary>How many requests a line is to speak of, this one included; 0 when it is not time for one.</summary>
    public long Count(string kind)
    {
        var outage = _outages.GetOrAdd(kind, _ => new());
        lock (outage)
        {
            outage.Requests++;
            if (outage.ToldAt is { } told && time.GetElapsedTime(told) < Interval) return 0;
            var requests = outage.Requests;
            (outage.ToldAt, outage.Requests) = (time.GetTimestamp(), 0);
            return requests;
        }
    }

    private sealed class Outage
    {
        public long Requests { get; set; }

        public long? ToldAt { get; set; }
    }
}
