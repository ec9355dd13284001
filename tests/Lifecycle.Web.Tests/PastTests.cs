using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

/// <summary>Every question about a customer takes <c>as_of</c> and <c>known_at</c>.</summary>
public sealed class PastTests
{
    private const string Then = "2026-11-22T12:00:00Z";

    [Fact]
    public async Task A_late_order_is_counted_in_its_time_and_pays_nothing_in_it()
    {
        await using var site = await LateAsync();
        var (now, knew) = ($"as_of={Then}", $"as_of={Then}&known_at={Then}");

        Assert.Equal((13_600, 12_900), (await SpendAsync(site, now), await SpendAsync(site, knew)));
        foreach (var query in new[] { now, knew })
        {
            var status = await site.GetAsync($"/v1/customers/c/status?{query}");
            Assert.Equal((129, 1), (status.Number("pending"), status.Number("version")));
            var ledger = await site.GetAsync($"/v1/customers/c/points/ledger?{query}");
            Assert.Equal((1, 1), (ledger.Number("version"), ledger.Json.GetProperty("movements").GetArrayLength()));
            var explained = await site.GetAsync(
                $"/v1/customers/c/explain?field=metrics.windows.7d.spend_minor&{query}");
            Assert.Equal(await SpendAsync(site, query), explained.Number("value"));
        }
    }

    [Fact]
    public async Task The_history_lists_what_the_customer_of_then_is_made_of()
    {
        await using var site = await LateAsync();

        Assert.Equal("3,1", await SeqsAsync(site, $"as_of={Then}"));
        Assert.Equal("1", await SeqsAsync(site, $"as_of={Then}&known_at={Then}"));
        Assert.Equal("2,1", await SeqsAsync(site, "known_at=2026-11-30T12:00:00Z"));
        Assert.Equal("3,2,1", await SeqsAsync(site, "as_of=2027-11-30T12:00:00Z"));
        var page = await site.GetAsync($"/v1/customers/c/entries?as_of={Then}&limit=1");
        var rest = await site.GetAsync($"/v1/customers/c/entries?as_of={Then}&cursor={page.Text("next_cursor")}");
        Assert.Equal(1, rest.Json.GetProperty("entries")[0].GetProperty("seq").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/status")]
    [InlineData("/entries")]
    [InlineData("/points/ledger")]
    [InlineData("/explain")]
    [InlineData("/explain?field=stage")]
    public async Task Before_the_first_entry_there_is_no_customer_and_too_far_ahead_no_answer(string path)
    {
        await using var site = await LateAsync();
        var with = path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?");
        var before = await site.GetAsync($"/v1/customers/c{with}as_of=2026-11-20T11:59:59Z");
        var unknown = await site.GetAsync($"/v1/customers/c{with}known_at=2026-11-20T11:59:59Z");
        var ahead = await site.GetAsync($"/v1/customers/c{with}as_of=2037-01-01T00:00:00Z");

        Assert.Equal((404, "customer_not_found"), (before.Status, before.Problem));
        Assert.Equal((404, "customer_not_found"), (unknown.Status, unknown.Problem));
        Assert.Equal((400, "invalid_parameter"), (ahead.Status, ahead.Problem));
    }

    [Fact]
    public async Task The_future_is_what_time_alone_changes()
    {
        await using var site = await LateAsync();
        var status = await site.GetAsync("/v1/customers/c/status?as_of=2029-01-01T00:00:00Z");

        Assert.Equal((0, 0, "Churned"), (status.Number("available"), status.Number("pending"), status.Text("stage")));
        Assert.Equal(3, (await site.GetAsync("/v1/customers/c")).Number("version"));
    }

    /// <summary>An order, a visit ten days later, and three days later an order of the second day.</summary>
    private static async Task<Site> LateAsync()
    {
        var site = await Site.StartAsync();
        await site.OrderAsync("c", "e1");
        await site.AdvanceAsync(TimeSpan.FromDays(10));
        await site.PostAsync(
            "/v1/events", """{"id":"v","type":"visit","customer":"c","occurred_at":"2026-11-30T12:00:00Z"}""");
        await site.AdvanceAsync(TimeSpan.FromDays(3));
        await site.PostAsync(
            "/v1/events",
            """
            {"id":"late","type":"order.placed","customer":"c","occurred_at":"2026-11-21T11:00:00Z",
            "data":{"order_id":"o-late","amount_minor":700}}
            """);
        return site;
    }

    private static async Task<long> SpendAsync(Site site, string query) =>
        (await site.GetAsync($"/v1/customers/c?{query}")).Json.GetProperty("metrics").GetProperty("windows")
            .GetProperty("7d").GetProperty("spend_minor").GetInt64();

    private static async Task<string> SeqsAsync(Site site, string query) => string.Join(
        ',', (await site.GetAsync($"/v1/customers/c/entries?{query}")).Json.GetProperty("entries").EnumerateArray()
            .Select(entry => entry.GetProperty("seq").GetInt64()));
}
