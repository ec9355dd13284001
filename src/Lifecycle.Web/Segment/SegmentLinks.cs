using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Web.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Segment;

/// <summary>
/// Links the ids that messages name together: an anonymous id, or the one before an alias, becomes an alias of the
/// user. An id that leads to another customer already stays there: on a shared device the first user keeps what came
/// before anybody signed in. A write key can be public, so it takes a key that may merge to join an id that is known
/// to be a customer itself.
/// </summary>
internal sealed class SegmentLinks(
    ICustomers customers, IOptions<WebOptions> options, ILogger<SegmentLinks> logger)
{
    /// <summary>Links of one request under way at once: each waits for a commit.</summary>
    private const int AtOnceMax = 16;

    private const int StripesMax = 64;

    /// <summary>Entries of an id that are looked through; one with more is taken for a customer.</summary>
    public const int AnonymousEntriesMax = 10_000;

    private const int EntriesAtOnce = 1_000;

    /// <summary>A key with one of these may merge any two customers.</summary>
    public static readonly IReadOnlyList<string> MergingRoles = [Roles.Agent, Roles.Admin];

    private readonly SettledPairs _settled = new(options.Value.LinksRememberedMax);

    /// <summary>Apart only for lack of a role: a key that may merge looks at them again.</summary>
    private readonly SettledPairs _withheld = new(options.Value.LinksRememberedMax);

    private readonly SemaphoreSlim[] _stripes =
        [.. Enumerable.Range(0, StripesMax).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>
    /// Call it when the events are durable: then both ids are known as far as they will be. Repeating it does no harm.
    /// </summary>
    /// <param name="mayMerge">The caller may make one customer of two that are known.</param>
    /// <exception cref="UnavailableException">Some may be linked; the caller sends all again.</exception>
    public async Task LinkAsync(IEnumerable<IdPair> pairs, bool mayMerge, Instant now, CancellationToken cancel)
    {
        if (!options.Value.LinkAnonymousIds) return;
        var others = pairs.Distinct()
            .Where(pair => !_settled.Contains(pair) && (mayMerge || !_withheld.Contains(pair)))
            .GroupBy(pair => pair.Other);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancel };
        await Parallel.ForEachAsync(others, limits, async (users, stop) =>
        {
            // In their order: of two users of one anonymous id the first gets it.
            foreach (var pair in users) await SettleAsync(pair, mayMerge, now, stop);
        });
    }

    /// <remarks>
    /// Looking and linking are one step: of two requests that both found the id free, the second would join two users.
    /// </remarks>
    private async Task SettleAsync(IdPair pair, bool mayMerge, Instant now, CancellationToken cancel)
    {
        var stripe = _stripes[(uint)pair.Other.GetHashCode(StringComparison.Ordinal) % StripesMax];
        await stripe.WaitAsync(cancel);
        try
        {
            (await TryLinkAsync(pair, mayMerge, now, cancel) ? _settled : _withheld).Add(pair);
        }
        finally
        {
            stripe.Release();
        }
    }

    /// <summary>False when the caller would have to be one that may merge.</summary>
    private async Task<bool> TryLinkAsync(IdPair pair, bool mayMerge, Instant now, CancellationToken cancel)
    {
        var other = await customers.IdentityAsync(pair.Other, cancel);
        if (other is not null && other.Customer != pair.Other) return true;
        if (other is not null && !mayMerge && await IsKnownAsync(pair.Other, cancel))
        {
            WebLog.NotLinked(logger, "the key may not merge two customers");
            return false;
        }

        // Named after the pair: a link that a person took back is not made again by the next event.
        var request = new LinkRequest(SegmentTranslation.Source, IdOf(pair), now);
        if (await customers.MergeAsync(pair.User, pair.Other, request, cancel) is Outcome.Refused refused)
            WebLog.NotLinked(logger, refused.Code);
        return true;
    }

    /// <summary>
    /// Whether anything but anonymous messages came under the id: it named a user, another system sent something, a
    /// command or a merge.
    /// </summary>
    private async Task<bool> IsKnownAsync(string id, CancellationToken cancel)
    {
        var before = long.MaxValue;
        for (var read = 0; read < AnonymousEntriesMax; read += EntriesAtOnce)
        {
            var page = await customers.OwnEntriesAsync(id, before, EntriesAtOnce, cancel) ?? [];
            if (!page.All(IsAnonymous)) return true;
            if (page.Count < EntriesAtOnce) return false;
            before = page[^1].Seq;
        }

        return true;
    }

    private static bool IsAnonymous(Entry entry) =>
        entry.Input is Input.Tick or Input.Event { Source: SegmentTranslation.AnonymousSource };

    private static string IdOf(IdPair pair) =>
        $"link-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{pair.User}\0{pair.Other}"))[..16])}";
}
