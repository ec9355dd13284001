using System.Text.Json;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class ExplainTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Theory]
    [InlineData("")]
    [InlineData("as_of=2026-11-21T00:00:00Z")]
    [InlineData("as_of=2027-06-01T00:00:00Z")]
    [InlineData("known_at=2026-11-20T12:00:00Z")]
    public async Task Every_leaf_of_a_customer_is_explained_by_its_path_and_value(string query)
    {
        await using var site = await LivedAsync();
        var customer = (await site.GetAsync($"/v1/customers/c?{query}")).Json;
        var listed = await FieldsAsync(site);
        var (leaves, contributions, formulas) = (0, 0, 0);
        foreach (var (path, leaf) in Leaves("", customer))
        {
            // Both are what was asked with, not what was found.
            if (path is "customer" or "as_of") continue;
            Assert.Contains(Pattern(path), listed);
            var answer = await site.GetAsync($"/v1/customers/c/explain?field={Uri.EscapeDataString(path)}&{query}");
            Assert.True(answer.Status == 200, $"{path}: {answer.Body}");
            Assert.True(Same(leaf, answer.Json), $"{path} is {leaf.GetRawText()} and is explained as {answer.Body}");
            leaves++;
            contributions += answer.Json.GetProperty("count").GetInt32();
            if (answer.Text("formula") is not null) formulas++;
        }

        Assert.True(leaves > 60 && contributions > 20 && formulas > 8, $"{leaves}, {contributions}, {formulas}");
    }

    [Fact]
    public async Task A_derived_number_names_its_parts()
    {
        await using var site = await LivedAsync();
        var aov = (await site.GetAsync("/v1/customers/c/explain?field=metrics.aov_minor")).Json;
        var parts = aov.GetProperty("parts").EnumerateArray()
            .ToDictionary(p => p.GetProperty("name").GetString()!, p => p.GetProperty("value").GetInt64());

        Assert.Equal(parts["spend_minor"] / parts["orders"], aov.GetProperty("value").GetInt64());
        Assert.Contains("÷", aov.GetProperty("formula").GetString()!, StringComparison.Ordinal);
        foreach (var (name, value) in parts)
            Assert.Equal(value, aov.GetProperty("contributions").EnumerateArray()
                .Where(c => c.GetProperty("part").GetString() == name).Sum(c => c.GetProperty("amount").GetInt64()));
    }

    [Fact]
    public async Task The_next_change_tells_what_will_happen()
    {
        await _site.OrderAsync("c-next", "e");
        var answer = await _site.GetAsync("/v1/customers/c-next/explain?field=next_change_at");

        Assert.Equal("2026-12-04T11:00:00Z", answer.Text("text"));
        var ahead = Assert.Single(answer.Json.GetProperty("contributions").EnumerateArray());
        Assert.Equal(
            (0, "matured", 129),
            (ahead.GetProperty("seq").GetInt64(), ahead.GetProperty("cause").GetString(),
                ahead.GetProperty("amount").GetInt64()));
        var review = await _site.GetAsync("/v1/customers/c-next/explain?field=stage.next_review_at");
        Assert.Equal(
            "AtRisk", Assert.Single(review.Json.GetProperty("contributions").EnumerateArray()).GetProperty("text")
                .GetString());
    }

    [Fact]
    public async Task Without_a_field_the_fields_are_listed()
    {
        await _site.OrderAsync("c-fields", "e");
        var answer = await _site.GetAsync("/v1/customers/c-fields/explain");

        Assert.Equal((200, 1), (answer.Status, answer.Number("version")));
        var fields = answer.Json.GetProperty("fields").EnumerateArray().Select(f => f.GetString()!).ToList();
        Assert.Contains("points.expiring[n].points", fields);
        foreach (var field in fields)
            Assert.Equal(200, (await _site.GetAsync(
                "/v1/customers/c-fields/explain?field=" + field.Replace("[n]", "[0]", StringComparison.Ordinal)))
                .Status);
    }

    /// <summary>Orders, one of them late, a return, a redemption, visits, silence: warnings and lots to expire.</summary>
    private static async Task<Site> LivedAsync()
    {
        var site = await Site.StartAsync();
        await site.OrderAsync("c", "e1", 90_000);
        await site.PostAsync("/v1/events", Sent.Visit("c", "v1"));
        await site.AdvanceAsync(TimeSpan.FromDays(20));
        await site.PostAsync("/v1/events", At("e2", "order.placed", "2026-12-08T10:00:00Z", "\"order_id\":\"o2\",\"amount_minor\":5000"));
        await site.PostAsync("/v1/events", At("late", "order.placed", "2026-11-20T23:00:00Z", "\"order_id\":\"o3\",\"amount_minor\":700"));
        await site.PostAsync("/v1/events", At("back", "order.returned", "2026-12-09T10:00:00Z", "\"order_id\":\"o2\",\"amount_minor\":1000"));
        await site.PostAsync("/v1/events", At("none", "order.returned", "2026-12-09T10:00:00Z", "\"order_id\":\"o9\",\"amount_minor\":1000"));
        await site.PostAsync("/v1/events", At("ref", "referral.completed", "2026-12-09T11:00:00Z", ""));
        await site.PostAsync("/v1/customers/c/points/redeem", """{"points":33,"reference":"till"}""");
        await site.AdvanceAsync(TimeSpan.FromDays(120));
        await site.PostAsync("/v1/events", Sent.Visit("c", "v2"));
        return site;
    }

    private static string At(string id, string type, string at, string data) =>
        $$$"""{"id":"{{{id}}}","type":"{{{type}}}","customer":"c","occurred_at":"{{{at}}}","data":{{{{data}}}}}""";

    private static async Task<HashSet<string>> FieldsAsync(Site site) =>
        [.. (await site.GetAsync("/v1/customers/c/explain")).Json.GetProperty("fields").EnumerateArray()
            .Select(f => f.GetString()!)];

    private static string Pattern(string path) =>
        System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "[n]");

    private static bool Same(JsonElement leaf, JsonElement explained)
    {
        var (value, text) = (explained.GetProperty("value"), explained.GetProperty("text"));
        return leaf.ValueKind switch
        {
            JsonValueKind.Number => value.ValueKind == JsonValueKind.Number && leaf.GetDecimal() == value.GetDecimal(),
            JsonValueKind.String => text.GetString() == leaf.GetString() && value.ValueKind == JsonValueKind.Null,
            _ => value.ValueKind == JsonValueKind.Null && text.ValueKind == JsonValueKind.Null,
        };
    }

    private static IEnumerable<(string Path, JsonElement Leaf)> Leaves(string path, JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject().SelectMany(
                member => Leaves(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value)),
            JsonValueKind.Array => json.EnumerateArray().SelectMany((item, i) => Leaves($"{path}[{i}]", item)),
            _ => [(path, json)],
        };
}
