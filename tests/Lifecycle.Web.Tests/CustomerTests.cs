using System.Text.Json;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class CustomerTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task A_customer_is_live_with_stage_points_and_metrics()
    {
        await _site.OrderAsync("c-live", "e");
        var customer = (await _site.GetAsync("/v1/customers/c-live")).Json;

        Assert.Equal(
            ("c-live", 1), (customer.GetProperty("customer").GetString(), customer.GetProperty("version").GetInt64()));
        Assert.Equal("New", customer.GetProperty("stage").GetProperty("name").GetString());
        Assert.Equal(129, customer.GetProperty("points").GetProperty("pending").GetInt64());
        var windows = customer.GetProperty("metrics").GetProperty("windows");
        Assert.Equal(["7d", "30d", "90d", "365d", "lifetime"], windows.EnumerateObject().Select(w => w.Name));
        Assert.Equal(12_900, windows.GetProperty("365d").GetProperty("spend_minor").GetInt64());
        Assert.Equal("2026-11-20T11:00:00Z", customer.GetProperty("metrics").GetProperty("last_order_at").GetString());
        Assert.Equal(JsonValueKind.Null, customer.GetProperty("metrics").GetProperty("interpurchase_days").ValueKind);
        Assert.False(customer.TryGetProperty("tier", out _));
    }

    [Fact]
    public async Task An_id_may_hold_what_a_path_must_escape()
    {
        await _site.OrderAsync("a/b%2F?", "e");

        Assert.Equal("a/b%2F?", (await _site.GetAsync("/v1/customers/a%2Fb%252F%3F/status")).Text("customer"));
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/a%252Fb%252F%3F")).Status);
    }

    [Theory]
    [InlineData("/v1/customers/c-path/../c-dots/status", 400)]
    [InlineData("/v1/customers/c-path/%2E%2e/c-dots/status", 400)]
    [InlineData("/v1/customers/./c-path/status", 400)]
    [InlineData("/v1/customers/%2E/status", 400)]
    [InlineData("/%761/customers/c-path/status", 200)]
    [InlineData("/V1/Customers/c-path/status?x=/v1/customers/c-dots", 200)]
    public async Task A_path_names_one_customer_however_it_is_written(string target, int status)
    {
        await _site.OrderAsync("c-path", "e");
        await _site.OrderAsync("c-dots", "e");
        var answer = await _site.RawGetAsync(target);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains(status == 200 ? "\"customer\":\"c-path\"" : "/problems/invalid_id", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/status")]
    [InlineData("/entries")]
    [InlineData("/points/ledger")]
    [InlineData("/explain?field=points.pending")]
    public async Task Each_answer_has_a_version_and_a_tag_and_is_not_sent_again_while_it_holds(string path)
    {
        var id = $"c-tag-{path.Length}";
        await _site.OrderAsync(id, "e");
        var first = await _site.GetAsync($"/v1/customers/{id}{path}");
        var same = await _site.GetAsync($"/v1/customers/{id}{path}", ("If-None-Match", first.ETag));
        await _site.OrderAsync(id, "e2");
        var changed = await _site.GetAsync($"/v1/customers/{id}{path}", ("If-None-Match", first.ETag));

        Assert.Matches("^\"1\\.[0-9a-f]{8}\\.[0-9a-f]{8}\"$", first.ETag);
        Assert.Equal(1, first.Number("version"));
        Assert.Equal((304, "", first.ETag), (same.Status, same.Body, same.ETag));
        Assert.Equal((200, 2), (changed.Status, changed.Number("version")));
    }

    [Fact]
    public async Task A_tag_does_not_outlive_what_time_changes()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("c", "e");
        var before = await site.GetAsync("/v1/customers/c/status");
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(304, (await site.GetAsync("/v1/customers/c/status", ("If-None-Match", before.ETag))).Status);
        await site.AdvanceAsync(TimeSpan.FromDays(15));
        var after = await site.GetAsync("/v1/customers/c/status", ("If-None-Match", before.ETag));

        Assert.Equal(200, after.Status);
        Assert.Equal((129, 0), (after.Number("available"), after.Number("pending")));
    }

    [Fact]
    public async Task The_past_is_asked_for_by_as_of_and_known_at()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("c", "e");
        await site.AdvanceAsync(TimeSpan.FromDays(1));
        await site.OrderAsync("c", "e2");

        var then = await site.GetAsync("/v1/customers/c?as_of=2026-11-20T18:00:00Z&known_at=2026-11-21T11:00:00Z");
        var before = await site.GetAsync("/v1/customers/c?as_of=2026-11-19T00:00:00%2B02:00");

        Assert.Equal((1, "2026-11-20T18:00:00Z"), (then.Number("version"), then.Text("as_of")));
        Assert.Equal((404, "customer_not_found"), (before.Status, before.Problem));
    }

    [Theory]
    [InlineData("?as_of=yesterday", "as_of")]
    [InlineData("?known_at=2026-11-20", "known_at")]
    [InlineData("/entries?limit=201", "limit")]
    [InlineData("/entries?limit=0", "limit")]
    [InlineData("/entries?cursor=%00", "cursor")]
    [InlineData("/points/ledger?cursor=x", "cursor")]
    [InlineData("/explain?field=", "field")]
    [InlineData("/explain?field=warnings[0].nope", "field")]
    [InlineData("/explain?field=points.expiring[-1].points", "field")]
    [InlineData("?as_of=2036-12-01T00:00:00Z", "as_of")]
    [InlineData("/explain?field=points.nope", "field")]
    public async Task A_wrong_parameter_is_400_and_named(string path, string name)
    {
        await _site.OrderAsync("c-param", "e");
        var answer = await _site.GetAsync($"/v1/customers/c-param{path}");

        Assert.Equal((400, "invalid_parameter"), (answer.Status, answer.Problem));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(name, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/status")]
    [InlineData("/entries")]
    [InlineData("/points/ledger")]
    [InlineData("/explain?field=stage")]
    public async Task An_unknown_customer_is_404(string path)
    {
        var answer = await _site.GetAsync($"/v1/customers/nobody{path}");

        Assert.Equal((404, "customer_not_found"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task History_and_ledger_come_in_pages_newest_first()
    {
        for (var i = 0; i < 5; i++) await _site.OrderAsync("c-pages", $"e{i}", 10_000 + i * 100);

        var entries = await PagesAsync("/v1/customers/c-pages/entries?limit=2", "entries");
        var movements = await PagesAsync("/v1/customers/c-pages/points/ledger?limit=2", "movements");

        Assert.Equal([5, 4, 3, 2, 1], entries.Select(e => e.GetProperty("seq").GetInt64()));
        Assert.Equal([104, 103, 102, 101, 100], movements.Select(m => m.GetProperty("points").GetInt64()));
        Assert.All(movements, m => Assert.Matches("^[0-9a-f]{16}$", m.GetProperty("order").GetString()!));
    }

    [Fact]
    public async Task An_explanation_adds_up()
    {
        await _site.OrderAsync("c-why", "e1");
        await _site.OrderAsync("c-why", "e2", 5_000);
        var answer = await _site.GetAsync("/v1/customers/c-why/explain?field=points.pending");

        var parts = answer.Json.GetProperty(
            "contributions").EnumerateArray().Select(c => c.GetProperty("amount").GetInt64());
        Assert.Equal((179, 179), (answer.Number("value"), parts.Sum()));
    }

    private async Task<List<JsonElement>> PagesAsync(string path, string list)
    {
        var all = new List<JsonElement>();
        var cursor = "";
        while (true)
        {
            var page = await _site.GetAsync(path + cursor);
            Assert.Equal(200, page.Status);
            Assert.InRange(page.Json.GetProperty(list).GetArrayLength(), 0, 2);
            all.AddRange(page.Json.GetProperty(list).EnumerateArray());
            if (page.Text("next_cursor") is not { } next) return all;
            cursor = $"&cursor={next}";
        }
    }
}
