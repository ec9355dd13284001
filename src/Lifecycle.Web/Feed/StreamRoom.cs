using System.Threading.RateLimiting;
using Lifecycle.Web.Problems;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Feed;

/// <summary>How many answers without a foreseeable end there are at once.</summary>
internal sealed class StreamRoom(IOptions<WebOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _feeds = Limiter(options.Value.FeedReadersMax);
    private readonly ConcurrencyLimiter _scans = Limiter(options.Value.ScansMax);

    /// <summary>A place for a reader of the feed who stays; given back when disposed.</summary>
    /// <exception cref="ProblemException">All are taken.</exception>
    public RateLimitLease TakeFeed() => Take(_feeds, "Too many readers wait for the feed.", TimeSpan.FromSeconds(5));

    /// <exception cref="ProblemException">All are taken.</exception>
    public RateLimitLease TakeScan() => Take(_scans, "Too many scans are under way.", TimeSpan.FromSeconds(10));

    public void Dispose()
    {
        _feeds.Dispose();
        _scans.Dispose();
    }

    private static ConcurrencyLimiter Limiter(int max) => new(new() { PermitLimit = max, QueueLimit = 0 });

    private static RateLimitLease Take(ConcurrencyLimiter places, string full, TimeSpan retryAfter)
    {
        var lease = places.AttemptAcquire();
        if (lease.IsAcquired) return lease;
        lease.Dispose();
        throw new ProblemException(ProblemCodes.Overloaded, full) { RetryAfter = retryAfter };
    }
}
