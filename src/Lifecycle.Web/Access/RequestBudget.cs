using System.Collections.Concurrent;

namespace Lifecycle.Web.Access;

/// <summary>
/// A token bucket for each key: it holds one second's worth and fills steadily, so a caller may pause and catch up but
/// not exceed the rate. Keys are few; a bucket is never dropped.
/// </summary>
internal sealed class RequestBudget(int perSecond, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new();

    /// <summary>Null when the request may go on; else how long until the next one may.</summary>
    public TimeSpan? Take(string keyId)
    {
        if (!_buckets.TryGetValue(keyId, out var bucket))
            bucket = _buckets.GetOrAdd(keyId, new Bucket(perSecond, time.GetTimestamp()));
        return bucket.Take(perSecond, time);
    }

    private sealed class Bucket(double tokens, long at)
    {
        private readonly Lock _lock = new();
        private double _tokens = tokens;
        private long _at = at;

        public TimeSpan? Take(int perSecond, TimeProvider time)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _tokens = Math.Min(perSecond, _tokens + time.GetElapsedTime(_at, now).TotalSeconds * perSecond);
                _at = now;
                if (_tokens < 1) return TimeSpan.FromSeconds((1 - _tokens) / perSecond);
                _tokens--;
                return null;
            }
        }
    }
}
