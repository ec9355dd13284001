using System.Text.Json;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class IdentityTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task Any_alias_answers_for_the_customer_and_says_who_that_is()
    {
        await _site.OrderAsync("i-1", "e-1");
        await _site.OrderAsync("i-1-web", "e-2", 1_000);
        var receipt = await _site.PostAsync("/v1/customers/i-1/merge", """{"from":"i-1-web"}""");

        Assert.Equal(200, receipt.Status);
        Assert.Equal("joined", receipt.Json.GetProperty("effects")[0].GetProperty("kind").GetString());
        Assert.Equal(139, receipt.Number("pending"));
        foreach (var path in new[] { "", "/status", "/entries", "/points/ledger", "/explain?field=points.pending" })
            Assert.Equal("i-1", (await _site.GetAsync($"/v1/customers/i-1-web{path}")).Text("customer"));
        var customer = await _site.GetAsync("/v1/customers/i-1-web");
        Assert.Equal(["i-1-web"], customer.Json.GetProperty("aliases").EnumerateArray().Select(a => a.GetString()));
        var explained = await _site.GetAsync("/v1/customers/i-1-web/explain?field=points.pending");
        Assert.Equal(139, explained.Number("value"));
        var aliases = (await _site.GetAsync("/v1/customers/i-1-web/aliases")).Json;
        Assert.Equal("i-1-web", aliases.GetProperty("aliases")[0].GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, aliases.GetProperty("aliases")[0].GetProperty("through").ValueKind);

        var sent = await _site.OrderAsync("i-1-web", "e-3", query: "?results=all");
        var result = sent.Json.GetProperty("results")[0];
        Assert.Equal("i-1", result.GetProperty("customer").GetString());
        Assert.Equal("i-1", result.GetProperty("receipt").GetProperty("customer").GetString());
        var again = await _site.OrderAsync("i-1", "e-2", 1_000);
        Assert.Equal(1, again.Number("duplicates"));
    }

    [Fact]
    public async Task An_alias_keeps_its_own_journal()
    {
        await _site.OrderAsync("j-1", "e-1");
        await _site.OrderAsync("j-2", "e-2");
        await _site.PostAsync("/v1/customers/j-1/merge", """{"from":"j-2"}""");
        var own = (await _site.GetAsync("/v1/customers/j-2/entries?own=true")).Json;

        Assert.Equal("j-2", own.GetProperty("customer").GetString());
        Assert.Equal(
            ["customer.settle", "customer.merge", "order.placed"],
            own.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("type").GetString()));
        var part = own.GetProperty("entries")[1].GetProperty("effects")[0].GetProperty("part");
        Assert.Equal((129, 1), (
            part.GetProperty("points").GetProperty("pending").GetInt64(), part.GetProperty("orders").GetInt64()));
    }

    [Fact]
    public async Task A_merge_is_taken_back_and_the_alias_is_a_customer_again()
    {
        await _site.OrderAsync("k-1", "e-1");
        await _site.OrderAsync("k-2", "e-2");
        await _site.PostAsync("/v1/customers/k-1/merge", """{"from":"k-2"}""");
        var receipt = await _site.PostAsync("/v1/customers/k-1/unmerge", """{"alias":"k-2"}""");

        Assert.Equal("split", receipt.Json.GetProperty("effects")[0].GetProperty("kind").GetString());
        Assert.Equal((129, "k-1"), (receipt.Number("pending"), receipt.Text("customer")));
        Assert.Equal("k-2", (await _site.GetAsync("/v1/customers/k-2")).Text("customer"));
        Assert.Equal(0, (await _site.GetAsync("/v1/customers/k-1/aliases")).Json.GetProperty("aliases").GetArrayLength());
    }

    [Theory]
    [InlineData("merge", """{"from":"m-1"}""", 422, "same_id")]
    [InlineData("merge", """{"from":""}""", 400, "invalid_body")]
    [InlineData("merge", """{}""", 400, "invalid_body")]
    [InlineData("merge", """{"form":"x"}""", 400, "invalid_body")]
    [InlineData("merge", """{"from":7}""", 400, "invalid_body")]
    [InlineData("unmerge", """{"alias":"m-9"}""", 422, "not_an_alias")]
    public async Task What_is_wrong_is_told(string command, string body, int status, string problem)
    {
        await _site.OrderAsync("m-1", "e-1");
        var answer = await _site.PostAsync($"/v1/customers/m-1/{command}", body);

        Assert.Equal((status, problem), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task Nobody_cannot_be_merged_with_nobody()
    {
        var answer = await _site.PostAsync("/v1/customers/nobody/merge", """{"from":"no-one"}""");
        Assert.Equal((404, "customer_not_found"), (answer.Status, answer.Problem));
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/nobody/aliases")).Status);
        Assert.Equal(404, (await _site.PostAsync("/v1/customers/nobody/unmerge", """{"alias":"x"}""")).Status);
    }

    [Fact]
    public async Task A_repeated_key_replays_and_a_stale_version_is_refused()
    {
        await _site.OrderAsync("n-1", "e-1");
        await _site.OrderAsync("n-2", "e-2");
        var stale = await _site.PostAsync(
            "/v1/customers/n-1/merge", """{"from":"n-2"}""", ("If-Match", "\"7\""));
        var first = await _site.PostAsync(
            "/v1/customers/n-1/merge", """{"from":"n-2"}""", ("Idempotency-Key", "k"), ("If-Match", "\"1\""));
        var again = await _site.PostAsync(
            "/v1/customers/n-1/merge", """{"from":"n-2"}""", ("Idempotency-Key", "k"));
        var other = await _site.PostAsync(
            "/v1/customers/n-1/merge", """{"from":"n-3"}""", ("Idempotency-Key", "k"));

        Assert.Equal("stale_version", stale.Problem);
        Assert.Equal((200, first.Body), (first.Status, again.Body));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal("idempotency_key_reused", other.Problem);
    }
}
