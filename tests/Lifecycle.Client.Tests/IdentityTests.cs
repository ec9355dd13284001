using Lifecycle.Client.Tests.Support;

namespace Lifecycle.Client.Tests;

public sealed class IdentityTests(RealServer server) : IClassFixture<RealServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_merge_whose_answer_is_lost_happens_once()
    {
        await using var line = new LossyLine(server.Url);
        using var client = Clients.To(line.Url);
        await SeeAsync(client, "lost-a", 300);
        await SeeAsync(client, "lost-b", 40);

        line.LoseAnswers(2);
        var receipt = await client.MergeAsync("lost-a", "lost-b", cancel: Cancel);

        Assert.Equal(2, line.AnswersLost);
        Assert.True(receipt.IsReplayed);
        Assert.Equal(340, receipt.Available);
        var joined = await client.GetAllEntriesAsync("lost-a", cancel: Cancel)
            .SelectMany(entry => entry.Effects.OfType<Joined>()).ToListAsync(Cancel);
        Assert.Equal([40L], joined.Select(effect => effect.Part.Points["available"]));
        Assert.Equal(receipt.Version, (await client.GetStatusAsync("lost-b", cancel: Cancel)).Version);
    }

    [Fact]
    public async Task A_merge_with_a_key_of_the_callers_own_is_not_done_anew_after_it_was_taken_back()
    {
        using var client = Clients.To(server.Url);
        await SeeAsync(client, "keyed-a", 5);
        await SeeAsync(client, "keyed-b", 7);
        var mine = new CommandOptions { IdempotencyKey = "desk-1" };

        var first = await client.MergeAsync("keyed-a", "keyed-b", mine, Cancel);
        await client.UnmergeAsync("keyed-a", "keyed-b", cancel: Cancel);
        var again = await client.MergeAsync("keyed-a", "keyed-b", mine, Cancel);
        var other = await Assert.ThrowsAsync<LifecycleException>(
            () => client.MergeAsync("keyed-a", "keyed-c", mine, Cancel));

        Assert.Equal((false, true), (first.IsReplayed, again.IsReplayed));
        Assert.Equal((12, first.Version), (again.Available, again.Version));
        Assert.Equal("idempotency_key_reused", other.Code);
        Assert.Empty((await client.GetAliasesAsync("keyed-a", Cancel)).Aliases);
        Assert.Equal(7, (await client.GetStatusAsync("keyed-b", cancel: Cancel)).Available);
    }

    [Fact]
    public async Task An_alias_leads_to_its_customer_and_what_merging_did_is_typed()
    {
        using var client = Clients.To(server.Url);
        await SeeAsync(client, "ann", 100);
        await SeeAsync(client, "ann@example.org", 20);
        await client.MergeAsync("ann@example.org", "device-7", cancel: Cancel);
        var before = DateTimeOffset.UtcNow;

        var merged = await client.MergeAsync("ann", "ann@example.org", cancel: Cancel);

        var aliases = await client.GetAliasesAsync("device-7", Cancel);
        Assert.Equal(("ann", merged.Version), (aliases.Customer, aliases.Version));
        Assert.Equal(
            [("ann@example.org", null), ("device-7", "ann@example.org")],
            aliases.Aliases.Select(alias => (alias.Id, alias.Through)).OrderBy(pair => pair.Id));
        Assert.All(aliases.Aliases, alias => Assert.NotNull(alias.Since));
        var customer = await client.GetCustomerAsync("device-7", cancel: Cancel);
        Assert.Equal(("ann", 120), (customer.Id, customer.Points.Available));
        Assert.Equal(["ann@example.org", "device-7"], customer.Aliases.Order());
        var then = await client.GetStatusAsync("device-7", new(before), Cancel);
        Assert.Equal(("ann@example.org", 20), (then.Id, then.Available));
        var left = Assert.Single(await client.GetAllOwnEntriesAsync("ann@example.org", Cancel)
            .SelectMany(entry => entry.Effects.OfType<Left>()).ToListAsync(Cancel));
        Assert.Equal((20, 1), (left.Part.Points["available"], left.Part.Aliases));
        Assert.Single((await client.GetOwnEntriesAsync("ann@example.org", limit: 1, cancel: Cancel)).Entries);
    }

    [Fact]
    public async Task Taking_a_merge_back_gives_each_what_was_theirs()
    {
        using var client = Clients.To(server.Url);
        await SeeAsync(client, "bob", 10);
        await SeeAsync(client, "rob", 3);
        var joined = await client.MergeAsync("bob", "rob", cancel: Cancel);

        var receipt = await client.UnmergeAsync("bob", "rob", new() { IfMatch = joined.ETag }, Cancel);

        var split = Assert.Single(receipt.Effects.OfType<Split>());
        Assert.Equal((3, 10), (split.Goes.Points["available"], split.Stays.Points["available"]));
        Assert.Equal(10, receipt.Available);
        var again = await client.GetCustomerAsync("rob", cancel: Cancel);
        Assert.Equal(("rob", 3), (again.Id, again.Points.Available));
        Assert.Single(await client.GetAllEntriesAsync("rob", cancel: Cancel)
            .SelectMany(entry => entry.Effects.OfType<Rejoined>()).ToListAsync(Cancel));
    }

    [Fact]
    public async Task What_cannot_be_merged_or_taken_back_says_why()
    {
        using var client = Clients.To(server.Url);
        await SeeAsync(client, "eve", 1);

        var same = await Assert.ThrowsAsync<LifecycleException>(
            () => client.MergeAsync("eve", "eve", cancel: Cancel));
        var none = await Assert.ThrowsAsync<LifecycleException>(
            () => client.UnmergeAsync("eve", "nobody", cancel: Cancel));
        var stale = await Assert.ThrowsAsync<LifecycleException>(
            () => client.MergeAsync("eve", "eva", new() { IfMatch = "\"999\"" }, Cancel));

        Assert.Equal(("same_id", true), (same.Code, same.IsRefusal));
        Assert.Equal("not_an_alias", none.Code);
        Assert.True(stale.IsStale);
    }

    private static async Task SeeAsync(LifecycleClient client, string customer, long points)
    {
        await client.SendEventsAsync([new("e", EventTypes.Visit, customer)], cancel: Cancel);
        await client.AdjustAsync(customer, points, "goodwill", cancel: Cancel);
    }
}
