using System.Text;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;
using Lifecycle.Web.Segment;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests.Segment;

/// <summary>Two ids of one person.</summary>
public sealed class SegmentLinkTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_before_somebody_signed_in_belongs_to_the_user_and_coming_again_changes_nothing()
    {
        string[] messages =
        [
            """{"type":"page","messageId":"1","anonymousId":"an-1","name":"Home"}""",
            """{"type":"identify","messageId":"2","anonymousId":"an-1","userId":"us-1","traits":{}}""",
            """{"type":"page","messageId":"3","anonymousId":"an-1","userId":"us-1"}""",
            """{"type":"page","messageId":"4","anonymousId":"an-1"}""",
        ];
        foreach (var message in messages) await TakenAsync(_site, message);
        var before = await _site.GetAsync("/v1/customers/us-1");
        foreach (var message in messages)
            Assert.Equal(1, (await _site.SegmentAsync("/v1/batch", $$"""{"batch":[{{message}}]}""")).Number("duplicates"));
        var after = await _site.GetAsync("/v1/customers/us-1");

        Assert.Equal("us-1", await CustomerOfAsync(_site, "an-1"));
        Assert.Equal(3, VisitsOf(after));
        Assert.Equal(before.Number("version"), after.Number("version"));
        Assert.Equal(3, VisitsOf(await _site.GetAsync("/v1/customers/an-1")));
    }

    [Fact]
    public async Task On_a_shared_device_the_first_user_keeps_the_anonymous_id()
    {
        await TakenAsync(_site, """{"type":"page","messageId":"1","anonymousId":"shared"}""");
        await TakenAsync(_site, """{"type":"track","event":"E","messageId":"2","anonymousId":"shared","userId":"first"}""");
        await TakenAsync(_site, """{"type":"track","event":"E","messageId":"3","anonymousId":"shared","userId":"second"}""");

        Assert.Equal("first", await CustomerOfAsync(_site, "shared"));
        Assert.Equal("second", await CustomerOfAsync(_site, "second"));
        Assert.Equal(0, VisitsOf(await _site.GetAsync("/v1/customers/second")));
    }

    [Fact]
    public async Task Of_many_users_who_claim_an_id_at_once_one_gets_it_and_none_is_joined_with_another()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => TakenAsync(
            _site, $$"""{"type":"identify","messageId":"1","anonymousId":"kiosk","userId":"claims-{{i}}"}""")));
        var owners = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CustomerOfAsync(_site, $"claims-{i}")));

        Assert.Equal(20, owners.Distinct().Count());
        Assert.Contains(await CustomerOfAsync(_site, "kiosk"), owners);
    }

    [Fact]
    public async Task An_alias_joins_the_id_before_even_when_nothing_was_recorded_of_either()
    {
        await TakenAsync(_site, """{"type":"page","messageId":"1","userId":"old"}""");
        await TakenAsync(_site, """{"type":"alias","messageId":"2","userId":"new","previousId":"old"}""");
        await TakenAsync(_site, """{"type":"alias","messageId":"3","userId":"new-2","previousId":"never-seen"}""");

        Assert.Equal("new", await CustomerOfAsync(_site, "old"));
        Assert.Equal(1, VisitsOf(await _site.GetAsync("/v1/customers/new")));
        Assert.Equal("new-2", await CustomerOfAsync(_site, "never-seen"));
    }

    [Fact]
    public async Task A_write_key_links_anonymous_and_new_ids_and_never_merges_two_customers()
    {
        var key = await WriteKeyAsync("track");
        await TakenAsync(_site, """{"type":"page","messageId":"1","anonymousId":"w-anonymous"}""");
        await TakenAsync(_site, """{"type":"page","messageId":"1","userId":"w-victim"}""");
        await _site.OrderAsync("w-buyer", "o-1");
        await TakenAsync(_site, """{"type":"page","messageId":"1","anonymousId":"w-redeemed"}""");
        await _site.PostAsync(
            "/v1/customers/w-redeemed/points/adjust", """{"points":5,"reason":"goodwill"}""");
        foreach (var other in new[] { "w-anonymous", "w-new", "w-victim", "w-buyer", "w-redeemed" })
        {
            await TakenAsync(
                _site, $$"""{"type":"alias","messageId":"a-{{other}}","userId":"w-thief","previousId":"{{other}}"}""", key);
            await TakenAsync(
                _site, $$"""{"type":"identify","messageId":"i-{{other}}","userId":"w-thief","anonymousId":"{{other}}"}""",
                key);
        }

        Assert.Equal("w-thief", await CustomerOfAsync(_site, "w-anonymous"));
        Assert.Equal("w-thief", await CustomerOfAsync(_site, "w-new"));
        foreach (var known in new[] { "w-victim", "w-buyer", "w-redeemed" })
            Assert.Equal(known, await CustomerOfAsync(_site, known));
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("admin")]
    public async Task A_key_that_may_merge_makes_one_customer_of_two_also_when_a_write_key_tried_before(string role)
    {
        var alias = $$"""{"type":"alias","messageId":"2","userId":"{{role}}-new","previousId":"{{role}}-old"}""";
        await TakenAsync(_site, $$"""{"type":"page","messageId":"1","userId":"{{role}}-old"}""");
        await TakenAsync(_site, alias, await WriteKeyAsync("ingest"));
        var apart = await CustomerOfAsync(_site, $"{role}-old");
        await _site.SegmentAsync(
            "/v1/batch", $$"""{"batch":[{{alias}}]}""", Basic(await WriteKeyAsync("ingest", role)));

        Assert.Equal($"{role}-old", apart);
        Assert.Equal($"{role}-new", await CustomerOfAsync(_site, $"{role}-old"));
    }

    [Fact]
    public async Task A_link_that_cannot_be_made_now_is_503_and_the_retry_makes_it()
    {
        FailingCustomers? failing = null;
        await using var site = await Site.StartAsync(services: s => s.AddSingleton<ICustomers>(provider =>
            failing = new(
                provider.GetRequiredService<LifecycleEngine>().Customers, "device",
                new UnavailableException("unavailable", "Not now.", TimeSpan.FromSeconds(1)))));
        const string Batch =
            """{"batch":[{"type":"identify","messageId":"1","anonymousId":"device","userId":"late"}]}""";
        var refused = await site.SegmentAsync("/v1/batch", Batch);
        failing!.IsWell = true;
        var taken = await site.SegmentAsync("/v1/batch", Batch);

        Assert.Equal((503, "unavailable"), (refused.Status, refused.Text("code")));
        Assert.Equal((200, 1), (taken.Status, taken.Number("duplicates")));
        Assert.Equal("late", await CustomerOfAsync(site, "device"));
        Assert.Equal(["late", "late"], failing.Applied);
    }

    [Fact]
    public async Task A_link_that_a_person_took_back_is_not_made_again()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:LinksRememberedMax", "2"));
        await TakenAsync(site, """{"type":"page","messageId":"1","anonymousId":"dev-1"}""");
        await TakenAsync(site, """{"type":"identify","messageId":"2","anonymousId":"dev-1","userId":"user"}""");
        var customers = site.Services.GetRequiredService<ICustomers>();
        await customers.UnmergeAsync(
            "user", "dev-1", new LinkRequest("desk", "u-1", Instant.From(site.Clock.GetUtcNow())), Cancel);
        for (var i = 3; i < 8; i++)
            await TakenAsync(site, $$"""{"type":"identify","messageId":"{{i}}","anonymousId":"d-{{i}}","userId":"u-{{i}}"}""");
        await TakenAsync(site, """{"type":"identify","messageId":"9","anonymousId":"dev-1","userId":"user"}""");

        Assert.Equal("dev-1", await CustomerOfAsync(site, "dev-1"));
        Assert.Equal("u-7", await CustomerOfAsync(site, "d-7"));
    }

    [Fact]
    public async Task Linking_can_be_turned_off()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:LinkAnonymousIds", "false"));
        await TakenAsync(site, """{"type":"page","messageId":"1","anonymousId":"a"}""");
        await TakenAsync(site, """{"type":"identify","messageId":"2","anonymousId":"a","userId":"u"}""");

        Assert.Equal("a", await CustomerOfAsync(site, "a"));
    }

    [Fact]
    public void Pairs_are_remembered_up_to_a_limit()
    {
        var pairs = new SettledPairs(10);
        for (var i = 0; i < 1_000; i++) pairs.Add(new("u", $"a-{i}"));

        Assert.InRange(Enumerable.Range(0, 1_000).Count(i => pairs.Contains(new("u", $"a-{i}"))), 5, 10);
        Assert.True(pairs.Contains(new("u", "a-999")));
    }

    private async Task<string> WriteKeyAsync(params string[] roles)
    {
        var list = string.Join(',', roles.Select(role => $"\"{role}\""));
        var made = await _site.PostAsync("/v1/admin/keys", $$"""{"name":"page","roles":[{{list}}]}""");
        return made.Text("key")!;
    }

    private static (string, string) Basic(string key) =>
        ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:"))}");

    private static async Task TakenAsync(Site site, string message, string key = "dev")
    {
        var answer = await site.SegmentAsync("/v1/batch", $$"""{"batch":[{{message}}]}""", Basic(key));
        Assert.True(answer.Status == 200 && answer.Number("accepted") == 1, answer.Body);
    }

    private static async Task<string> CustomerOfAsync(Site site, string id) =>
        (await site.Services.GetRequiredService<ICustomers>().IdentityAsync(id, Cancel))!.Customer;

    private static int VisitsOf(Answer customer) => customer.Json.GetProperty("metrics").GetProperty("windows")
        .GetProperty("7d").GetProperty("visits").GetInt32();
}
