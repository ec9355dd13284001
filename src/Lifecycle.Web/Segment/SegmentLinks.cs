using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Segment;

/// <summary>
/// Links the ids that messages name together: an anonymous id, or the one before an alias, becomes an alias of the
/// user. An id that leads to another customer already stays there: on a shared device the first user keeps what came
/// before anybody signed in.
/// </summary>
internal sealed class SegmentLinks(
    ICustomers customers, IOptions<WebOptions> options, ILogger<SegmentLinks> logger)
{
    /// <summary>Links of one request under way at once: each waits for a commit.</summary>
    private const int AtOnceMax = 16;

    private const int StripesMax = 64;

    private readonly SettledPairs _settled = new(options.Value.LinksRememberedMax);

    private readonly SemaphoreSlim[] _stripes =
        [.. Enumerable.Range(0, StripesMax).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>
    /// Call it when the events are durable: then both ids are known as far as they will be. Repeating it does no harm.
    /// </summary>
    /// <exception cref="UnavailableException">Some may be linked; the caller sends all again.</exception>
    public async Task LinkAsync(IEnumerable<IdPair> pairs, Instant now, CancellationToken cancel)
    {
        if (!options.Value.LinkAnonymousIds) return;
        var others = pairs.Distinct().Where(pair => !_settled.Contains(pair)).GroupBy(pair => pair.Other);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancel };
        await Parallel.ForEachAsync(others, limits, async (users, stop) =>
        {
            // In their order: of two users of one anonymous id the first gets it.
            foreach (var pair in users) await SettleAsync(pair, now, stop);
        });
    }

    /// <remarks>
    /// Looking and linking are one step: of two requests that both found the id free, the second would join two users.
    /// </remarks>
    private async Task SettleAsync(IdPair pair, Instant now, CancellationToken cancel)
    {
        var stripe = _stripes[(uint)pair.Other.GetHashCode(StringComparison.Ordinal) % StripesMax];
        await stripe.WaitAsync(cancel);
        try
        {
            await LinkAsync(pair, now, cancel);
        }
        finally
        {
            stripe.Release();
        }

        _settled.Add(pair);
    }

    private async Task LinkAsync(IdPair pair, Instant now, CancellationToken cancel)
    {
        var other = await customers.IdentityAsync(pair.Other, cancel);
        if (other is not null && other.Customer != pair.Other) return;
        // Named after the pair: a link that a person took back is not made again by the next event.
        var request = new LinkRequest(SegmentTranslation.Source, IdOf(pair), now);
        if (await customers.MergeAsync(pair.User, pair.Other, request, cancel) is Outcome.Refused refused)
            WebLog.NotLinked(logger, refused.Code);
    }

    private static string IdOf(IdPair pair) =>
        $"link-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{pair.User}\0{pair.Other}"))[..16])}";
}
