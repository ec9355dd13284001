using System.Text;
using System.Text.Json;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class WhatIfTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private const string Order =
        """{"type":"order.placed","data":{"order_id":"next","currency":"EUR","amount_minor":5000}}""";

    private readonly Site _site = shared.Site;

    [Fact]
    public async Task Events_and_commands_are_decided_in_order_and_nothing_is_written()
    {
        await _site.OrderAsync("c-if", "e");
        var answer = await AskAsync("c-if", $$$"""
            {"inputs":[{{{Order}}},
            {"command":"points.redeem","points":150,"reference":"voucher"},
            {"command":"points.adjust","points":500,"reason":"goodwill"},
            {"command":"points.redeem","points":600},
            {"command":"points.adjust","points":5,"reason":" "},
            {"id":"x","type":"order.placed","data":{"order_id":"x","currency":"USD","amount_minor":1}},
            {"type":"order.placed","data":{"order_id":"y"}}],"at":"2026-12-05T00:00:00Z"}
            """);

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            ["accepted", "refused", "accepted", "accepted", "refused", "quarantined", "quarantined"],
            Statuses(answer));
        Assert.Equal(
            ["insufficient_points", "reason_required", "currency_not_in_program", "missing_field"],
            Problems(answer));
        var view = answer.Json.GetProperty("view");
        Assert.Equal(129 + 500 - 600, view.GetProperty("points").GetProperty("available").GetInt64());
        Assert.Equal(50, view.GetProperty("points").GetProperty("pending").GetInt64());
        Assert.Equal("Growing", view.GetProperty("stage").GetProperty("name").GetString());
        Assert.Equal("2026-12-05T00:00:00Z", answer.Text("at"));
        Assert.Equal((1, 1), (answer.Number("version"), (await _site.GetAsync("/v1/customers/c-if")).Number("version")));
    }

    [Fact]
    public async Task What_was_taken_before_would_be_a_duplicate()
    {
        await _site.OrderAsync("c-twice", "e");
        var key = ("Idempotency-Key", "k-1");
        await _site.PostAsync("/v1/customers/c-twice/points/adjust", """{"points":7,"reason":"goodwill"}""", key);
        var same = """{"command":"points.adjust","points":7,"reason":"goodwill","idempotency_key":"k-1"}""";
        var other = """{"command":"points.adjust","points":8,"reason":"goodwill","idempotency_key":"k-1"}""";
        var answer = await AskAsync(
            "c-twice", $$$"""{"inputs":[{{{Sent.Order("c-twice", "e")}}},{{{same}}},{{{other}}},{{{Sent.Order("c-twice", "e", 1)}}}]}""");

        Assert.Equal(["duplicate", "duplicate", "refused", "quarantined"], Statuses(answer));
        Assert.Equal(["idempotency_key_reused", "id_reused"], Problems(answer));
    }

    [Theory]
    [InlineData("/what-if", "{\"inputs\":[{\"type\":\"visit\",\"data\":{\"x\":\"\u00ff\"}}]}")]
    [InlineData("/what-if", "{\"inputs\":[{\"command\":\"points.adjust\",\"points\":5,\"reason\":\"\u00ff\"}]}")]
    [InlineData("/points/calculate", "{\"currency\":\"EUR\",\"amount_minor\":5,\"coupon\":\"\u00ed\u00a0\u0080\"}")]
    [InlineData("/points/calculate", "{\"event\":{\"type\":\"visit\",\"data\":{\"x\":\"\u00c0\u0080\"}}}")]
    public async Task Bytes_that_are_no_text_are_refused(string route, string latin)
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(latin));
        content.Headers.ContentType = new("application/json");
        var answer = await _site.SendAsync(HttpMethod.Post, $"/v1/customers/c-bytes{route}", content);

        Assert.True(answer.Status is 200 or 400, answer.Body);
        Assert.Contains(answer.Status == 200 ? "quarantined" : "/problems/", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_basket_that_is_too_deep_inside_an_order_is_told_so()
    {
        var deep = new string('[', 63) + new string(']', 63);
        var answer = await _site.PostAsync(
            "/v1/customers/c-deep/points/calculate", $$"""{"currency":"EUR","amount_minor":5,"items":{{deep}}}""");

        Assert.Equal((400, "malformed_json"), (answer.Status, answer.Problem));
        Assert.Contains("64 levels", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customer_that_is_unknown_is_a_new_one()
    {
        var answer = await AskAsync("c-none", $$$"""{"inputs":[{"command":"points.redeem","points":1},{{{Order}}}]}""");

        Assert.Equal(["refused", "accepted"], Statuses(answer));
        Assert.Equal(0, answer.Number("version"));
        Assert.Equal(["customer_not_found"], Problems(answer));
        Assert.Equal("New", answer.Json.GetProperty("view").GetProperty("stage").GetProperty("name").GetString());
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/c-none")).Status);
        var nothing = await AskAsync("c-none", """{"inputs":[]}""");
        Assert.Equal((200, JsonValueKind.Null), (nothing.Status, nothing.Json.GetProperty("view").ValueKind));
    }

    [Fact]
    public async Task The_past_can_be_forked()
    {
        await using var site = await Site.StartAsync();
        await site.OrderAsync("c", "e");
        await site.AdvanceAsync(TimeSpan.FromDays(30));
        await site.OrderAsync("c", "e2", 90_000);
        var answer = await site.PostAsync(
            "/v1/customers/c/what-if?as_of=2026-12-10T00:00:00Z",
            """{"inputs":[{"command":"points.redeem","points":129}]}""");

        Assert.Equal(["accepted"], Statuses(answer));
        var metrics = answer.Json.GetProperty("view").GetProperty("metrics");
        Assert.Equal(12_900, metrics.GetProperty("monetary_minor").GetInt64());
    }

    [Theory]
    [InlineData("""{}""", "/inputs")]
    [InlineData("""{"inputs":{}}""", "/inputs")]
    [InlineData("""{"inputs":[],"at":"tomorrow"}""", "/at")]
    [InlineData("""{"inputs":[],"at":"2026-11-20T11:59:59Z"}""", "/at")]
    [InlineData("""{"inputs":[],"at":"2036-12-01T00:00:00Z"}""", "/at")]
    [InlineData("""{"inputs":[],"then":1}""", "/then")]
    [InlineData("""{"inputs":[7]}""", "/inputs/0")]
    [InlineData("""{"inputs":[{"command":"points.steal","points":1}]}""", "/inputs/0/command")]
    [InlineData("""{"inputs":[{"command":"\ud800","points":1}]}""", "/inputs/0/command")]
    [InlineData("""{"inputs":[{"command":"points.redeem","points":0}]}""", "/inputs/0/points")]
    [InlineData("""{"inputs":[{"command":"points.redeem","points":1,"pionts":1}]}""", "/inputs/0/pionts")]
    [InlineData("""{"inputs":[{"type":"visit"},{"type":"visit","customer":"another"}]}""", "/inputs/1/customer")]
    [InlineData("""{"inputs":[{"type":"visit","customer":"\ud800"}]}""", "/inputs/0/customer")]
    public async Task A_wrong_question_is_400_and_named(string body, string pointer)
    {
        await _site.OrderAsync("c-wrong", "e");
        var answer = await AskAsync("c-wrong", body);

        Assert.Equal((400, "invalid_body"), (answer.Status, answer.Problem));
        Assert.Equal([pointer], answer.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task Inputs_have_a_maximum()
    {
        var inputs = string.Join(',', Enumerable.Repeat("""{"type":"visit"}""", 101));
        var answer = await AskAsync("c-many", $$$"""{"inputs":[{{{inputs}}}]}""");

        Assert.Equal((400, "invalid_body"), (answer.Status, answer.Problem));
        Assert.Contains("at most 100", answer.Text("detail")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"amount_minor":12900}""", 129)]
    [InlineData("""{"items":[{"sku":"A","amount_minor":12000},{"sku":"B","quantity":2,"amount_minor":900}]}""", 129)]
    [InlineData("""{"items":[{"sku":"A","amount_minor":12000}],"amount_minor":12900,"currency":"EUR"}""", 129)]
    [InlineData("""{"amount_minor":12900,"points_paid":2900}""", 100)]
    [InlineData("""{"event":{"type":"order.placed","data":{"order_id":"n","amount_minor":12950}}}""", 129)]
    [InlineData("""{"event":{"type":"visit"}}""", 0)]
    public async Task A_basket_or_an_event_is_calculated_by_rule(string body, long points)
    {
        await _site.OrderAsync("c-calc", "e");
        foreach (var (customer, pending) in new[] { ("c-calc", 129), ("c-calc-new", 0) })
        {
            var answer = await _site.PostAsync($"/v1/customers/{customer}/points/calculate", body);
            Assert.Equal((200, "accepted", points), (answer.Status, answer.Text("status"), answer.Number("points")));
            Assert.Equal(pending + points, answer.Number("pending"));
            var rules = answer.Json.GetProperty("rules").EnumerateArray().ToList();
            Assert.Equal(points > 0 ? ["base"] : [], rules.Select(r => r.GetProperty("rule").GetString()));
            if (points == 0) continue;
            Assert.Equal("2026-12-04T12:00:00Z", rules[0].GetProperty("available_at").GetString());
            Assert.Equal("2027-11-30T23:00:00Z", rules[0].GetProperty("expires_at").GetString());
        }

        Assert.Equal(404, (await _site.GetAsync("/v1/customers/c-calc-new")).Status);
    }

    [Theory]
    [InlineData("""{}""", 400, "/amount_minor")]
    [InlineData("""{"amount_minor":-1}""", 400, "/amount_minor")]
    [InlineData("""{"amount":1}""", 400, "/amount")]
    [InlineData("""{"items":[{"sku":7}]}""", 400, "/items/0/sku")]
    [InlineData("""{"event":{"type":"visit"},"amount_minor":1}""", 400, "/event")]
    [InlineData("""{"event":[]}""", 400, "/event")]
    [InlineData("""{"event":{"type":"order.placed","data":{"order_id":"n"}}}""", 400, "/event/data/amount_minor")]
    [InlineData("""{"event":{"type":"visit","customer":"another"}}""", 400, "/event/customer")]
    [InlineData("""{"amount_minor":100,"currency":"USD"}""", 422, null)]
    public async Task A_wrong_basket_is_named(string body, int status, string? pointer)
    {
        var answer = await _site.PostAsync("/v1/customers/c-basket/points/calculate", body);

        Assert.Equal((status, pointer is null ? "refused" : "invalid_body"), (answer.Status, answer.Problem));
        if (pointer is not null) Assert.True(answer.Json.GetProperty("errors").TryGetProperty(pointer, out _), answer.Body);
    }

    [Fact]
    public async Task An_event_that_was_taken_before_says_what_it_earned_then()
    {
        await _site.OrderAsync("c-calc-twice", "e");
        var answer = await _site.PostAsync(
            "/v1/customers/c-calc-twice/points/calculate", $$$"""{"event":{{{Sent.Order("c-calc-twice", "e")}}}}""");

        Assert.Equal(("duplicate", 129, 129), (
            answer.Text("status"), answer.Number("points"), answer.Number("pending")));
    }

    [Fact]
    public async Task The_examples_have_the_members_of_the_answers()
    {
        await _site.OrderAsync("c-if-example", "e");
        var paths = (await _site.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        foreach (var (route, body) in new[]
        {
            ("what-if", """{"inputs":[{"type":"visit"}]}"""), ("points/calculate", """{"amount_minor":1}"""),
        })
        {
            var example = paths.GetProperty($"/v1/customers/{{id}}/{route}").GetProperty("post")
                .GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json")
                .GetProperty("example");
            var answer = await _site.PostAsync($"/v1/customers/c-if-example/{route}", body);
            Assert.Equal(
                example.EnumerateObject().Select(p => p.Name), answer.Json.EnumerateObject().Select(p => p.Name));
        }
    }

    private Task<Answer> AskAsync(string customer, string body) =>
        _site.PostAsync($"/v1/customers/{customer}/what-if", body);

    private static string[] Statuses(Answer answer) =>
        [.. answer.Json.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("status").GetString()!)];

    private static string[] Problems(Answer answer) =>
    [
        .. answer.Json.GetProperty("outcomes").EnumerateArray().Where(o => o.TryGetProperty("problem", out _))
            .Select(o => o.GetProperty("problem").GetProperty("type").GetString()!["/problems/".Length..]),
    ];
}
