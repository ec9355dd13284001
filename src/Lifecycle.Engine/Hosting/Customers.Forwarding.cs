using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// Follows ids to the customer they lead to. There is no table of who leads where: each alias's own journal says it.
/// </summary>
internal abstract partial class Customers
{
    /// <summary>
    /// Actors asked for one request. A chain of aliases is shorter than the ids of one customer are many; the rest is
    /// for those that are merged meanwhile.
    /// </summary>
    private const int HopsMax = 2 * IdentityLimits.IdsMax;

    /// <summary>Readable ids of aliased customers kept in memory.</summary>
    private const int IdsKeptMax = 10_000;

    private readonly ConcurrentDictionary<CustomerKey, string> _ids = new();

    /// <summary>Applies inputs where the addressed id leads to.</summary>
    /// <param name="redirect">What the actor of the addressed id answered, where it was asked already.</param>
    protected async Task<ImmutableArray<Outcome>> ForwardAsync(
        CustomerKey addressed, string id, IReadOnlyList<Delivery> deliveries, CancellationToken cancel,
        Redirect? redirect = null)
    {
        var at = addressed;
        for (var hop = 0; hop < HopsMax; hop++)
        {
            if (redirect is null)
            {
                var answer = await ApplyAtAsync(at, addressed, at == addressed ? id : "", deliveries, cancel);
                if (answer.Redirect is null)
                    return at == addressed ? answer.Outcomes : await NamedAsync(answer.Outcomes, at, cancel);
                redirect = answer.Redirect;
            }

            // What has left one journal and is not in the other yet would be missing in whatever is decided there.
            await FinishAsync(at, cancel);
            at = redirect.To ?? addressed;
            redirect = null;
        }

        throw Restless();
    }

    /// <summary>The customer that an id leads to now, their head, and the instant to view it at.</summary>
    /// <remarks>Every status read comes through here: it makes no task and no closure of a customer in memory.</remarks>
    protected async ValueTask<(CustomerKey Key, Head Head, Instant Instant)> FollowAsync(
        CustomerKey asked, CancellationToken cancel)
    {
        var key = asked;
        for (var hop = 0; hop < HopsMax; hop++)
        {
            var (head, instant) = await ReadAsync(key, cancel);
            var unfinished = head.State.Errand != 0;
            if (head.State.MergedInto is null && (key == asked || !unfinished)) return (key, head, instant);
            if (unfinished) await FinishAsync(key, cancel);
            key = head.State.MergedInto is { } into ? new(into) : asked;
        }

        throw Restless();
    }

    /// <summary>The customer that an id led to as of a point in time.</summary>
    protected async Task<(CustomerKey Key, PastHead Past, Instant Instant)> FollowPastAsync(
        CustomerKey asked, PointInTime when, CancellationToken cancel)
    {
        var key = when.IsNow ? (await FollowAsync(asked, cancel)).Key : asked;
        for (var hop = 0; hop < HopsMax; hop++)
        {
            var at = key;
            var (past, instant) = await GuardAsync(at, async () => await ReadPastAsync(at, when, cancel));
            if (past.Head.State.MergedInto is not { } into) return (key, past, instant);
            key = new(into);
        }

        throw Restless();
    }

    /// <summary>
    /// Brings what left a customer to where it goes. Every step has an id made of what began it, so it does no harm
    /// that several do this at once, or again after a crash.
    /// </summary>
    private async Task FinishAsync(CustomerKey owner, CancellationToken cancel)
    {
        var (head, _) = await ReadAsync(owner, cancel);
        if (head.State.Errand is not (> 0 and var seq)) return;
        var rows = await GuardAsync(owner, () => Services.Store.Journal.ReadAsync(owner, [seq], cancel));
        var entry = EntryCodec.Decode(rows[0]);
        foreach (var effect in entry.Effects)
        {
            if (effect is Effect.Left left)
                Taken(await ForwardAsync(
                    new(left.Into), "", [new Delivery(Input.Join.Of(owner.Value, seq, entry.At))], cancel));
            else if (effect is Effect.Split split)
                await HereAsync(new(split.Alias), Input.Rejoin.Of(owner.Value, seq, entry.At), cancel);
        }

        await HereAsync(owner, Input.Settle.Of(seq, entry.At), cancel);
    }

    private async Task HereAsync(CustomerKey key, Input input, CancellationToken cancel) =>
        Taken((await ApplyAtAsync(key, key, "", [new Delivery(input)], cancel)).Outcomes);

    private static void Taken(ImmutableArray<Outcome> outcomes)
    {
        if (outcomes is not [Outcome.Accepted])
            throw new UnreachableException($"A half of a merge was answered with {outcomes[0]}.");
    }

    /// <summary>The view with the readable ids, where there is more than the one that was asked for.</summary>
    private async ValueTask<CustomerView> NamedAsync(
        CustomerView view, CustomerKey asked, CustomerKey key, Head head, CancellationToken cancel)
    {
        if (key == asked && head.State.Members.IsEmpty) return view;
        var ids = await IdsOfAsync([key, .. head.State.Members.Select(m => new CustomerKey(m.Key))], cancel);
        return view with { Customer = key == asked ? null : ids[0], Aliases = ids[1..] };
    }

    private async Task<ImmutableArray<Outcome>> NamedAsync(
        ImmutableArray<Outcome> outcomes, CustomerKey customer, CancellationToken cancel)
    {
        var id = (await IdsOfAsync([customer], cancel))[0];
        return
        [
            .. outcomes.Select(outcome => outcome is Outcome.Accepted accepted
                ? accepted with { Receipt = accepted.Receipt with { Customer = id } }
                : outcome),
        ];
    }

    /// <summary>The readable ids; of one whose id is gone its key.</summary>
    private async Task<ImmutableArray<string>> IdsOfAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var found = new Dictionary<CustomerKey, string>();
        foreach (var key in customers)
            if (_ids.TryGetValue(key, out var id)) found[key] = id;
        var missing = customers.Where(key => !found.ContainsKey(key)).ToArray();
        if (missing.Length > 0)
        {
            var read = await GuardAsync(missing[0], () => Services.Store.Registry.ReadIdsAsync(missing, cancel));
            if (_ids.Count + read.Count > IdsKeptMax) _ids.Clear();
            foreach (var (key, id) in read) found[key] = _ids[key] = id;
        }

        return [.. customers.Select(key => found.GetValueOrDefault(key) ?? key.ToString())];
    }
}
