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
    private readonly SettledPairs _settled = new(options.Value.LinksRememberedMax);

    /// <summary>
    /// Call it when the events are durable: then both ids are known as far as they will be. Repeating it does no harm.
    /// </summary>
    /// <exception cref="UnavailableException">Some may be linked; the caller sends all again.</exception>
    public async Task LinkAsync(IEnumerable<IdPair> pairs, Instant now, CancellationToken cancel)
    {
        if (!options.Value.LinkAnonymousIds) return;
        // In their order, one after the other: of two users of one anonymous id the first gets it.
        foreach (var pair in pairs.Distinct())
        {
            if (_settled.Contains(pair)) continue;
            await LinkAsync(pair, now, cancel);
            _settled.Add(pair);
        }
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
