using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

public sealed class EventsTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task An_order_is_taken_and_with_all_results_its_receipt_says_what_it_earned()
    {
        var answer = await _site.OrderAsync("c-receipt", "e", query: "?results=all");

        Assert.Equal(200, answer.Status);
        Assert.Equal((1, 0, 0), (answer.Number("accepted"), answer.Number("duplicates"), answer.Number("quarantined")));
        var receipt = answer.Json.GetProperty("results")[0].GetProperty("receipt");
        Assert.Equal(
            ("c-receipt", 1), (receipt.GetProperty("customer").GetString(), receipt.GetProperty("version").GetInt64()));
        Assert.Equal(129, receipt.GetProperty("pending").GetInt64());
        Assert.Contains(receipt.GetProperty("effects").EnumerateArray(), e =>
            e.GetProperty("kind").GetString() == "points_moved" && e.GetProperty("points").GetInt64() == 129);
    }

    [Fact]
    public async Task The_same_event_again_is_a_duplicate_with_the_first_receipt()
    {
        var first = await _site.OrderAsync("c-twice", "e", query: "?results=all");
        var second = await _site.OrderAsync("c-twice", "e", query: "?results=all");

        Assert.Equal(1, second.Number("duplicates"));
        Assert.Equal("duplicate", second.Json.GetProperty("results")[0].GetProperty("status").GetString());
        Assert.Equal(
            first.Json.GetProperty("results")[0].GetProperty("receipt").GetProperty("effects").GetRawText(),
            second.Json.GetProperty("results")[0].GetProperty("receipt").GetProperty("effects").GetRawText());
    }

    [Fact]
    public async Task Results_come_in_the_order_of_the_request_and_only_those_that_were_asked_for()
    {
        var body = $"[{Sent.Visit("c-a", "1")},{{\"id\":\"2\"}},{Sent.Visit("c-b", "3")},{Sent.Visit("c-a", "4")}]";

        var all = await _site.PostAsync("/v1/events?results=all", body);
        var problems = await _site.PostAsync("/v1/events", body);
        var none = await _site.PostAsync("/v1/events?results=none", body);

        Assert.Equal([0, 1, 2, 3],
            all.Json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("index").GetInt32()));
        Assert.Equal(
            [1], problems.Json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("index").GetInt32()));
        Assert.Equal(0, none.Json.GetProperty("results").GetArrayLength());
        Assert.Equal((0, 3, 1), (none.Number("accepted"), none.Number("duplicates"), none.Number("quarantined")));
    }

    [Fact]
    public async Task Lines_are_taken_as_an_array_is()
    {
        var lines = string.Join('\n', Enumerable.Range(0, 300).Select(i => Sent.Visit($"c-line-{i % 7}", $"v{i}")));
        using var content = new StringContent(
            lines, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson"));

        var answer = await _site.SendAsync(HttpMethod.Post, "/v1/events", content);

        Assert.Equal(300, answer.Number("accepted"));
        Assert.Equal(43, (await _site.GetAsync("/v1/customers/c-line-3/status")).Number("version"));
    }

    [Fact]
    public async Task A_back_fill_is_decided_at_its_own_time()
    {
        var old = Sent.Order("c-old", "e").Replace("2026-11-20", "2020-01-05", StringComparison.Ordinal);

        await _site.PostAsync("/v1/events?historical=true", old);
        var entry = (await _site.GetAsync("/v1/customers/c-old/entries?limit=200")).Json.GetProperty("entries")
            .EnumerateArray().Last();

        Assert.Equal("2020-01-05T11:00:00Z", entry.GetProperty("at").GetString());
        Assert.True(entry.GetProperty("historical").GetBoolean());
    }

    [Theory]
    [InlineData("results=some", "results")]
    [InlineData("historical=1", "historical")]
    public async Task A_wrong_parameter_is_named(string query, string name)
    {
        var answer = await _site.PostAsync($"/v1/events?{query}", Sent.Visit("c-wrong", "1"));

        Assert.Equal((400, "invalid_parameter"), (answer.Status, answer.Problem));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(name, out _));
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/c-wrong")).Status);
    }

    [Fact]
    public async Task When_one_result_is_not_durable_the_request_is_503_and_all_may_be_sent_again()
    {
        FailingCustomers? customers = null;
        var fault = new UnavailableException(
            "unavailable", "The journal cannot be written.", TimeSpan.FromSeconds(2.4));
        await using var site = await Site.StartAsync(services: s => s.AddSingleton<ICustomers>(provider =>
            customers = new(provider.GetRequiredService<LifecycleEngine>().Customers, "c-2", fault)));

        var answer = await site.PostAsync(
            "/v1/events", $"[{Sent.Visit("c-1", "1")},{Sent.Visit("c-2", "2")},{Sent.Visit("c-3", "3")}]");

        Assert.Equal((503, "unavailable"), (answer.Status, answer.Problem));
        Assert.Equal("3", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal(["c-1", "c-2", "c-3"], customers!.Applied.Order());
    }

    [Fact]
    public async Task The_events_of_a_customer_whose_history_cannot_be_read_wait_in_quarantine_and_spoil_no_others()
    {
        FailingCustomers? customers = null;
        var fault = new UnavailableException(
            UnavailableCodes.Isolated, "This customer's journal cannot be folded.", TimeSpan.FromMinutes(5));
        await using var site = await Site.StartAsync(services: s => s.AddSingleton<ICustomers>(provider =>
            customers = new(provider.GetRequiredService<LifecycleEngine>().Customers, "c-2", fault)));

        var answer = await site.PostAsync(
            "/v1/events", $"[{Sent.Visit("c-1", "1")},{Sent.Visit("c-2", "2")},{Sent.Visit("c-3", "3")}]");

        Assert.Equal((200, 2, 1), (answer.Status, answer.Number("accepted"), answer.Number("quarantined")));
        var result = answer.Json.GetProperty("results").EnumerateArray().Single();
        Assert.Equal("/problems/customer_isolated", result.GetProperty("problem").GetProperty("type").GetString());

        customers!.IsWell = true;
        var replayed = await site.PostAsync("/v1/quarantine/replay?reason=customer_isolated", "");
        Assert.Equal((200, 1), (replayed.Status, replayed.Number("resolved")));
        Assert.Equal(200, (await site.GetAsync("/v1/customers/c-2")).Status);
    }
}
