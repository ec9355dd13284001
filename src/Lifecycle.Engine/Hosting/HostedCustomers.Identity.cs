using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>Merging and unmerging customers.</summary>
/// <remarks>
/// Both are decided while the locks of the customers concerned are held, so that two at once see each other. What was
/// decided is finished without them: whoever needs the customers next does it, should this process not come to it.
/// </remarks>
internal abstract partial class HostedCustomers
{
    /// <summary>How often the customers are looked up anew when others merge them at the same time.</summary>
    private const int AttemptsMax = 16;

    public async Task<Outcome> MergeAsync(
        string into, string from, LinkRequest request, CancellationToken cancel)
    {
        var (intoKey, fromKey) = (Services.Secret.CustomerKeyOf(into), Services.Secret.CustomerKeyOf(from));
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var (target, _, _) = await FollowAsync(intoKey, cancel);
            var (source, _, _) = await FollowAsync(fromKey, cancel);
            await using var held = await LockAsync(target, source, cancel);
            await FinishAsync(target, cancel);
            await FinishAsync(source, cancel);
            var (targetNow, head, _) = await FollowAsync(intoKey, cancel);
            var (sourceNow, leaving, _) = await FollowAsync(fromKey, cancel);
            if (targetNow != target || sourceNow != source) continue;
            if (await FindMergeAsync(intoKey, head, fromKey, target, request, cancel) is { } known) return known;
            if (fromKey == intoKey)
                return new Outcome.Refused(
                    RefusalCodes.SameId, "Both are the same id: there is nothing to merge.", head.Seq, false);
            if (source == target) return new Outcome.Accepted(await PresentAsync(head, target, intoKey, cancel), true);
            if (request.IfMatch is { } version && version != head.Seq) return new Outcome.Stale(head.Seq);
            if (Refusal(head, leaving) is { } refused) return refused;
            var delivery = new Delivery(
                new Input.Merge(target.Value)
                {
                    Source = request.Source, Id = request.Id, OccurredAt = request.OccurredAt,
                },
                Keyed: request.Keyed, TimeAssigned: true);
            var register = head.Seq == 0 ? new NewCustomer(target, into, Services.Now) : null;
            var outcome = await ApplyAtAsync(
                source, intoKey, source == fromKey ? from : "", [delivery], cancel, register);
            if (outcome.Redirect is not null) continue;
            if (outcome.Outcomes[0] is not Outcome.Accepted left) return outcome.Outcomes[0];
            await FinishAsync(source, cancel);
            return await ArrivalAsync(source, left.Receipt.Version, intoKey, false, cancel);
        }

        throw Restless();
    }

    public async Task<Outcome> UnmergeAsync(
        string customer, string alias, LinkRequest request, CancellationToken cancel)
    {
        var key = Services.Secret.CustomerKeyOf(customer);
        var input = new Input.Unmerge(Services.Secret.CustomerKeyOf(alias).Value)
        {
            Source = request.Source, Id = request.Id, OccurredAt = request.OccurredAt,
        };
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var (target, _, _) = await FollowAsync(key, cancel);
            await using var held = await LockAsync(target, target, cancel);
            await FinishAsync(target, cancel);
            if ((await FollowAsync(key, cancel)).Key != target) continue;
            var delivery = new Delivery(input, IfMatch: request.IfMatch, Keyed: request.Keyed, TimeAssigned: true);
            var outcomes = await ForwardAsync(key, customer, [delivery], cancel);
            await FinishAsync(target, cancel);
            return outcomes[0];
        }

        throw Restless();
    }

    public async Task<CustomerIds?> IdentityAsync(string customer, CancellationToken cancel)
    {
        var asked = Services.Secret.CustomerKeyOf(customer);
        var (key, head, _) = await FollowAsync(asked, cancel);
        if (head.Seq == 0) return null;
        if (key == asked && head.State.Members.IsEmpty) return new(customer, []);
        var members = head.State.Members;
        var ids = await IdsOfAsync([key, .. members.Select(member => new CustomerKey(member.Key))], cancel);
        var named = members.Select((member, i) => (member.Key, Id: ids[i + 1])).ToDictionary();
        return new(
            key == asked ? customer : ids[0],
            [
                .. members.Select(member => new Alias(
                    named[member.Key], named.GetValueOrDefault(member.Into), member.Since)),
            ]);
    }

    private static Outcome.Refused? Refusal(Head into, Head from)
    {
        if (into.Seq == 0 && from.Seq == 0)
            return new(RefusalCodes.NotAnAlias, "Nothing is known of either id.", 0, false);
        var ids = 2 + into.State.Members.Length + into.State.Formers.Length + from.State.Members.Length +
            from.State.Formers.Length;
        return ids <= IdentityLimits.IdsMax
            ? null
            : new(
                RefusalCodes.TooManyAliases,
                $"{ids} ids would lead, or have led, to this customer; at most {IdentityLimits.IdsMax} can.",
                Math.Max(1, into.Seq), false);
    }

    /// <summary>What became of the same request before; null when it is new.</summary>
    private async Task<Outcome?> FindMergeAsync(
        CustomerKey addressed, Head into, CustomerKey from, CustomerKey target, LinkRequest request,
        CancellationToken cancel)
    {
        if (!request.Keyed) return null;
        var keys = into.State.Members.Select(member => new CustomerKey(member.Key)).Append(target).Append(addressed)
            .Distinct().Select(id => Services.Secret.EventKeyOf(id, request.Source, request.Id)).ToHashSet();
        var rows = await GuardAsync(target, () => Services.Store.Journal.FindAsync(keys, cancel));
        var own = Services.Secret.EventKeyOf(addressed, request.Source, request.Id);
        if (!rows.TryGetValue(own, out var row)) row = rows.Values.FirstOrDefault();
        if (row is null) return null;
        var left = EntryCodec.Decode(row).Effects.OfType<Effect.Left>().FirstOrDefault();
        if (left is null || (row.Customer != from && left.Part.Members.All(member => member.Key != from.Value)))
            return new Outcome.IdReused(row.Seq);
        return await ArrivalAsync(row.Customer, row.Seq, addressed, true, cancel);
    }

    /// <summary>The receipt of what arrived.</summary>
    private async Task<Outcome> ArrivalAsync(
        CustomerKey from, long seq, CustomerKey addressed, bool replayed, CancellationToken cancel)
    {
        var rows = await GuardAsync(from, () => Services.Store.Journal.ReadAsync(from, [seq], cancel));
        var left = EntryCodec.Decode(rows[0]).Effects.OfType<Effect.Left>().First();
        var join = Input.Join.Of(from.Value, seq, rows[0].At);
        var key = Services.Secret.EventKeyOf(new(left.Into), join.Source, join.Id);
        var found = await GuardAsync(new(left.Into), () => Services.Store.Journal.FindAsync([key], cancel));
        var row = found[key];
        var receipt = Receipt.Of(EntryCodec.Decode(row));
        if (row.Customer != addressed)
            receipt = receipt with { Customer = (await IdsOfAsync([row.Customer], cancel))[0] };
        return new Outcome.Accepted(receipt, replayed);
    }

    private async Task<Receipt> PresentAsync(
        Head head, CustomerKey customer, CustomerKey addressed, CancellationToken cancel)
    {
        var state = head.State;
        var receipt = new Receipt(
            head.Seq, state.At, [], state.Balances.Of(Domain.Points.Account.Available),
            state.Balances.Of(Domain.Points.Account.Pending), state.Balances.Of(Domain.Points.Account.Held),
            state.Stage, state.DueAt);
        return customer == addressed ? receipt : receipt with { Customer = (await IdsOfAsync([customer], cancel))[0] };
    }

    /// <summary>Two pairs of customers rarely share a lock.</summary>
    private Task<IAsyncDisposable> LockAsync(CustomerKey a, CustomerKey b, CancellationToken cancel)
    {
        var stripes = new[] { a, b }.Select(key => (int)(key.Value.Low % IStore.StripesMax)).Distinct().Order();
        return GuardAsync(a, () => Services.Store.LockAsync([.. stripes], cancel));
    }

    private static UnavailableException Restless() => new(
        UnavailableCodes.Overloaded, "These customers are being merged by many at once.", TimeSpan.FromSeconds(1));
}
