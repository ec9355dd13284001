using System.Text.Json;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

public sealed class QuarantineTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_ahead_of_our_clock_is_taken_when_its_time_has_come_and_once()
    {
        await using var site = await Site.StartAsync();
        var ahead = Sent.Order("c", "e").Replace("T11:00:00Z", "T13:00:00Z", StringComparison.Ordinal);
        await site.PostAsync("/v1/events", ahead);

        var early = await site.PostAsync("/v1/quarantine/1/replay", "");
        await site.AdvanceAsync(TimeSpan.FromHours(2));
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => site.PostAsync("/v1/quarantine/1/replay", "")));
        var later = await site.PostAsync("/v1/quarantine/1/replay", "");
        var discarded = await site.PostAsync("/v1/quarantine/1/discard", """{"reason":"late"}""");

        Assert.Equal("quarantined", early.Json.GetProperty("result").GetProperty("status").GetString());
        Assert.Equal("waiting", StateOf(early));
        Assert.All(answers, a => Assert.Equal((200, "replayed"), (a.Status, StateOf(a))));
        Assert.Equal((200, "replayed"), (later.Status, StateOf(later)));
        Assert.Equal(JsonValueKind.Null, later.Json.GetProperty("result").ValueKind);
        Assert.Equal((409, "already_resolved"), (discarded.Status, discarded.Problem));
        var status = await site.GetAsync("/v1/customers/c/status");
        Assert.Equal(129, status.Number("pending"));
        Assert.Equal(0, (await site.GetAsync("/v1/quarantine")).Json.GetProperty("total").GetProperty("items").GetInt64());
    }

    [Fact]
    public async Task A_corrected_event_is_taken_in_the_place_of_the_one_that_was_not()
    {
        var id = await KeepAsync("fix", Sent.Order("c-fix", "e").Replace("EUR", "XXX", StringComparison.Ordinal));

        var worse = await _site.PostAsync($"/v1/quarantine/{id}/replay", """{"id":"e","source":"fix"}""");
        var two = await _site.PostAsync(
            $"/v1/quarantine/{id}/replay", $"[{Sent.Visit("c-fix", "1")},{Sent.Visit("c-fix", "2")}]");
        var none = await _site.PostAsync($"/v1/quarantine/{id}/replay", "{");
        var waiting = await _site.GetAsync("/v1/quarantine?source=fix");
        var right = await _site.PostAsync($"/v1/quarantine/{id}/replay", Sent.Order("c-fix", "e"));

        Assert.Equal("/problems/missing_customer",
            worse.Json.GetProperty("result").GetProperty("problem").GetProperty("type").GetString());
        Assert.Equal((400, "invalid_body"), (two.Status, two.Problem));
        Assert.Equal((400, "malformed_json"), (none.Status, none.Problem));
        Assert.Equal("unknown_currency", waiting.Json.GetProperty("items")[0].GetProperty("reason").GetString());
        Assert.Equal("accepted", right.Json.GetProperty("result").GetProperty("status").GetString());
        Assert.Equal(129,
            right.Json.GetProperty("result").GetProperty("receipt").GetProperty("pending").GetInt64());
        var resolution = right.Json.GetProperty("item").GetProperty("resolution");
        Assert.Equal(("replayed", "dev"),
            (resolution.GetProperty("how").GetString(), resolution.GetProperty("by").GetString()));
    }

    [Fact]
    public async Task An_event_that_came_by_itself_meanwhile_is_a_duplicate_and_resolved()
    {
        await using var site = await Site.StartAsync();
        var ahead = Sent.Order("c", "e").Replace("T11:00:00Z", "T13:00:00Z", StringComparison.Ordinal);
        await site.PostAsync("/v1/events", ahead);
        await site.AdvanceAsync(TimeSpan.FromHours(2));
        await site.PostAsync("/v1/events", ahead);

        var replay = await site.PostAsync("/v1/quarantine/1/replay", "");

        Assert.Equal("duplicate", replay.Json.GetProperty("result").GetProperty("status").GetString());
        Assert.Equal("replayed", StateOf(replay));
        Assert.Equal(1, (await site.GetAsync("/v1/customers/c/status")).Number("version"));
    }

    [Fact]
    public async Task An_event_that_came_corrected_meanwhile_stays_with_the_reason_that_its_id_is_used()
    {
        await using var site = await Site.StartAsync();
        var ahead = Sent.Order("c", "e").Replace("T11:00:00Z", "T13:00:00Z", StringComparison.Ordinal);
        await site.PostAsync("/v1/events", ahead);
        await site.OrderAsync("c", "e");
        await site.AdvanceAsync(TimeSpan.FromHours(2));

        var replay = await site.PostAsync("/v1/quarantine/1/replay", "");

        Assert.Equal("id_reused", replay.Json.GetProperty("item").GetProperty("reason").GetString());
        Assert.Equal("waiting", StateOf(replay));
        Assert.Equal(1, (await site.GetAsync("/v1/customers/c/status")).Number("version"));
    }

    [Fact]
    public async Task A_back_fill_is_replayed_at_its_own_time_and_an_event_without_one_at_the_time_it_came()
    {
        await using var site = await Site.StartAsync();
        var old = Sent.Order("c-old", "e").Replace("2026-11-20", "2020-01-05", StringComparison.Ordinal);
        await site.PostAsync(
            "/v1/events?historical=true", old.Replace("\"customer\":\"c-old\",", "", StringComparison.Ordinal));
        await site.PostAsync("/v1/events", """{"id":"v","type":"visit","source":"web"}""");
        await site.AdvanceAsync(TimeSpan.FromDays(1));

        await site.PostAsync("/v1/quarantine/1/replay", old);
        await site.PostAsync(
            "/v1/quarantine/2/replay", """{"id":"v","type":"visit","source":"web","customer":"c-new"}""");

        var entry = (await site.GetAsync("/v1/customers/c-old/entries?limit=200")).Json.GetProperty("entries")
            .EnumerateArray().Last();
        Assert.Equal(("2020-01-05T11:00:00Z", true),
            (entry.GetProperty("at").GetString(), entry.GetProperty("historical").GetBoolean()));
        var visit = (await site.GetAsync("/v1/customers/c-new/entries")).Json.GetProperty("entries")[0];
        Assert.Equal("2026-11-20T12:00:00Z", visit.GetProperty("occurred_at").GetString());
    }

    [Fact]
    public async Task A_discarded_event_is_kept_with_who_decided_so_and_why()
    {
        var id = await KeepAsync("drop", """{"id":"1","source":"drop"}""");

        var without = await _site.PostAsync($"/v1/quarantine/{id}/discard", "{}");
        var first = await _site.PostAsync(
            $"/v1/quarantine/{id}/discard", """{"reason":"test_data","note":"the self test"}""");
        var second = await _site.PostAsync($"/v1/quarantine/{id}/discard", """{"reason":"other"}""");
        var replay = await _site.PostAsync($"/v1/quarantine/{id}/replay", Sent.Visit("c-drop", "1"));
        await _site.PostAsync("/v1/events", """{"id":"1","source":"drop"}""");

        Assert.Equal((422, "reason_required"), (without.Status, without.Problem));
        Assert.Equal("test_data", first.Json.GetProperty("resolution").GetProperty("reason").GetString());
        Assert.Equal(first.Body, second.Body);
        Assert.Equal((409, "already_resolved"), (replay.Status, replay.Problem));
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/c-drop")).Status);
        var kept = await _site.GetAsync("/v1/quarantine?source=drop&state=resolved");
        Assert.Equal((1, 2), (
            kept.Json.GetProperty("items").GetArrayLength(), kept.Json.GetProperty("total").GetProperty("times").GetInt64()));
    }

    [Fact]
    public async Task A_body_is_read_as_text_and_json_by_those_who_may()
    {
        const string sent = """{"id":"1","source":"read","note":"Ä ☕"}""";
        var id = await KeepAsync("read", $" [ {sent} ] ");
        var half = await KeepAsync("half", """{"id":"1","source":"half","note":"\ud800"}""");
        var analyst = await KeyAsync("analyst");
        var privacy = await KeyAsync("privacy");

        var one = await _site.GetAsync($"/v1/quarantine/{id}", privacy);
        var two = await _site.GetAsync($"/v1/quarantine/{half}");

        Assert.Equal(sent, one.Text("body"));
        Assert.Equal("Ä ☕", one.Json.GetProperty("event").GetProperty("note").GetString());
        Assert.Equal("no-store", one.Headers.CacheControl!.ToString());
        Assert.Equal((200, JsonValueKind.Null), (two.Status, two.Json.GetProperty("event").ValueKind));
        Assert.Equal(403, (await _site.GetAsync($"/v1/quarantine/{id}", analyst)).Status);
        Assert.Equal(200, (await _site.GetAsync("/v1/quarantine", analyst)).Status);
    }

    [Theory]
    [InlineData("GET", "/v1/quarantine/999999")]
    [InlineData("GET", "/v1/quarantine/x")]
    [InlineData("POST", "/v1/quarantine/-1/replay")]
    [InlineData("POST", "/v1/quarantine/99999999999999999999/replay")]
    [InlineData("POST", "/v1/quarantine/999999/discard")]
    public async Task An_unknown_item_is_not_found(string method, string path)
    {
        using var content = new StringContent("""{"reason":"r"}""");
        var answer = await _site.SendAsync(new(method), path, method == "GET" ? null : content);
        Assert.Equal((404, "not_found"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task A_body_that_the_secret_does_not_open_can_be_corrected_but_not_replayed()
    {
        var store = _site.Services.GetRequiredService<IStore>();
        await store.Quarantine.AddAsync(
            [new(default, "foreign", "r", "d", new byte[40], new(1_000_000))], Cancel);
        var id = Id(await _site.GetAsync("/v1/quarantine?source=foreign"));

        Assert.Equal("quarantine_unreadable", (await _site.GetAsync($"/v1/quarantine/{id}")).Problem);
        Assert.Equal("quarantine_unreadable", (await _site.PostAsync($"/v1/quarantine/{id}/replay", "")).Problem);
        var many = await _site.PostAsync("/v1/quarantine/replay?source=foreign", "");
        Assert.Equal((0, 1, 1), (many.Number("resolved"), many.Number("failed"), many.Number("waiting")));
        var corrected = await _site.PostAsync($"/v1/quarantine/{id}/replay", Sent.Visit("c-foreign", "1"));
        Assert.Equal("replayed", StateOf(corrected));
    }

    [Fact]
    public async Task Many_are_replayed_by_filter_page_by_page_each_once()
    {
        await using var site = await Site.StartAsync();
        var ahead = string.Join('\n', Enumerable.Range(0, 250).Select(i =>
            Sent.Order($"c-{i % 7}", $"e-{i}").Replace("T11:00:00Z", "T13:00:00Z", StringComparison.Ordinal)));
        await site.PostAsync("/v1/events", ahead);
        await site.PostAsync("/v1/events", """[{"id":"no","source":"shop"},{"id":"no","source":"till"}]""");
        await site.AdvanceAsync(TimeSpan.FromHours(2));

        var everything = await site.PostAsync("/v1/quarantine/replay", "");
        var first = await site.PostAsync("/v1/quarantine/replay?source=shop&day=2026-11-20&limit=120", "");
        var second = await site.PostAsync(
            $"/v1/quarantine/replay?source=shop&day=2026-11-20&cursor={first.Text("next_cursor")}", "");

        Assert.Equal((400, "invalid_parameter"), (everything.Status, everything.Problem));
        Assert.Equal((120, 0, 131), (first.Number("resolved"), first.Number("failed"), first.Number("waiting")));
        Assert.Equal((130, 1, 1), (second.Number("resolved"), second.Number("failed"), second.Number("waiting")));
        Assert.Null(second.Text("next_cursor"));
        var versions = 0L;
        for (var i = 0; i < 7; i++)
            versions += (await site.GetAsync($"/v1/customers/c-{i}/status")).Number("version");
        Assert.Equal(250, versions);
    }

    [Fact]
    public async Task Many_are_discarded_by_filter_with_one_reason()
    {
        await KeepAsync("bulk-a", """[{"id":"1","source":"bulk-a"},{"id":"2","source":"bulk-a"}]""");
        await KeepAsync("bulk-b", """{"id":"1","source":"bulk-b"}""");

        var answer = await _site.PostAsync("/v1/quarantine/discard?source=bulk-a", """{"reason":"test_data"}""");

        Assert.Equal((2, 0, 0), (answer.Number("resolved"), answer.Number("failed"), answer.Number("waiting")));
        var left = await _site.GetAsync("/v1/quarantine?source=bulk-b");
        Assert.Equal(1, left.Json.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("day=yesterday", "day")]
    [InlineData("state=new", "state")]
    [InlineData("limit=0", "limit")]
    public async Task A_wrong_filter_is_named(string query, string name)
    {
        var answer = await _site.GetAsync($"/v1/quarantine?{query}");
        Assert.Equal((400, "invalid_parameter"), (answer.Status, answer.Problem));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(name, out _));
    }

    [Fact]
    public async Task Quarantine_sums_by_source_reason_and_day()
    {
        await using var site = await Site.StartAsync();
        await site.PostAsync("/v1/events", """[{"id":"1","source":"shop"},{"id":"2","source":"shop"}]""");
        await site.AdvanceAsync(TimeSpan.FromDays(1));
        await site.PostAsync("/v1/events", """[{"id":"1","source":"shop"},{"id":"3","source":"till","customer":7}]""");

        var json = (await site.GetAsync("/v1/quarantine")).Json;
        var day = (await site.GetAsync("/v1/quarantine?day=2026-11-21")).Json;

        Assert.Equal((3, 4), (
            json.GetProperty("total").GetProperty("items").GetInt64(),
            json.GetProperty("total").GetProperty("times").GetInt64()));
        Assert.Equal(
            """[{"day":"2026-11-21","items":1,"times":1},{"day":"2026-11-20","items":2,"times":3}]""",
            json.GetProperty("days").GetRawText());
        Assert.Equal(
            """[{"source":"till","reason":"invalid_id","items":1,"times":1}]""",
            day.GetProperty("counts").GetRawText());
    }

    private static string StateOf(Answer answer)
    {
        var resolution = answer.Json.GetProperty("item").GetProperty("resolution");
        return resolution.ValueKind == JsonValueKind.Null
            ? "waiting"
            : resolution.GetProperty("how").GetString()!;
    }

    private static long Id(Answer list) => list.Json.GetProperty("items")[0].GetProperty("id").GetInt64();

    private async Task<long> KeepAsync(string source, string body)
    {
        var sent = body.Replace("\"shop\"", $"\"{source}\"", StringComparison.Ordinal);
        Assert.Equal(200, (await _site.PostAsync("/v1/events", sent)).Status);
        return Id(await _site.GetAsync($"/v1/quarantine?source={source}"));
    }

    private async Task<(string Name, string Value)> KeyAsync(string role)
    {
        var made = await _site.PostAsync("/v1/admin/keys", $$"""{"name":"{{role}}","roles":["{{role}}"]}""");
        return ("Authorization", $"Bearer {made.Text("key")}");
    }
}
