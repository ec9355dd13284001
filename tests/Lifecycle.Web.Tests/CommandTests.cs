using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class CommandTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task Points_are_given_and_spent_and_each_receipt_says_the_balance()
    {
        var given = await AdjustAsync("c-spend", """{"points":500,"reason":"goodwill","note":"late parcel"}""");
        var spent = await RedeemAsync("c-spend", """{"points":200,"reference":"voucher-2"}""");

        Assert.Equal((200, "applied", 500), (given.Status, given.Text("status"), given.Number("available")));
        Assert.Equal((200, 300, 2), (spent.Status, spent.Number("available"), spent.Number("version")));
        Assert.Equal("redeemed", spent.Json.GetProperty("effects")[0].GetProperty("cause").GetString());
    }

    [Fact]
    public async Task The_same_key_and_body_give_the_first_receipt_and_say_so()
    {
        var first = await AdjustAsync("c-idem", """{"points":5,"reason":"goodwill"}""", ("Idempotency-Key", "k"));
        var again = await AdjustAsync("c-idem", """{"reason":"goodwill","points":5}""", ("Idempotency-Key", "k"));
        var without = await AdjustAsync("c-idem", """{"points":5,"reason":"goodwill"}""");

        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(10, without.Number("available"));
    }

    [Fact]
    public async Task A_refusal_of_a_keyed_command_is_the_same_refusal_when_it_comes_again()
    {
        await _site.OrderAsync("c-refuse", "e");
        var first = await RedeemAsync("c-refuse", """{"points":5}""", ("Idempotency-Key", "k"));
        await AdjustAsync("c-refuse", """{"points":50,"reason":"goodwill"}""");
        var again = await RedeemAsync("c-refuse", """{"points":5}""", ("Idempotency-Key", "k"));

        Assert.Equal((422, "insufficient_points"), (first.Status, first.Problem));
        Assert.Equal((422, "insufficient_points"), (again.Status, again.Problem));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Theory]
    [InlineData("{", 400, "malformed_json", null)]
    [InlineData("{\"points\":5,\"points\":6}", 400, "malformed_json", null)]
    [InlineData("[]", 400, "invalid_body", null)]
    [InlineData("{\"\\ud800\":1}", 400, null, null)]
    [InlineData("{}", 400, "invalid_body", "/points")]
    [InlineData("{\"points\":0,\"reason\":\"r\"}", 400, "invalid_body", "/points")]
    [InlineData("{\"points\":1.5,\"reason\":\"r\"}", 400, "invalid_body", "/points")]
    [InlineData("{\"points\":1e400,\"reason\":\"r\"}", 400, "invalid_body", "/points")]
    [InlineData("{\"points\":\"5\",\"reason\":\"r\"}", 400, "invalid_body", "/points")]
    [InlineData("{\"points\":1000000000001,\"reason\":\"r\"}", 400, "invalid_body", "/points")]
    [InlineData("{\"points\":5,\"reason\":7}", 400, "invalid_body", "/reason")]
    [InlineData("{\"points\":5,\"reason\":\"a\\u0000\"}", 400, "invalid_body", "/reason")]
    [InlineData("{\"points\":5,\"reason\":\"r\",\"resaon\":\"x\"}", 400, "invalid_body", "/resaon")]
    [InlineData("{\"points\":5}", 422, "reason_required", "/reason")]
    [InlineData("{\"points\":5,\"reason\":\" \"}", 422, "reason_required", "/reason")]
    public async Task A_wrong_body_is_refused_by_field(string body, int status, string? code, string? field)
    {
        var answer = await AdjustAsync("c-body", body);

        Assert.Equal(status, answer.Status);
        if (code is not null) Assert.Equal(code, answer.Problem);
        if (field is not null) Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Body);
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/c-body")).Status);
    }

    [Theory]
    [InlineData("Idempotency-Key", "a\tb")]
    [InlineData("Idempotency-Key", " ")]
    [InlineData("If-Match", "12")]
    [InlineData("If-Match", "\"x.00000000\"")]
    [InlineData("If-Match", "W/\"12\"")]
    public async Task A_wrong_header_is_400_and_named(string name, string value)
    {
        var answer = await AdjustAsync("c-head", """{"points":5,"reason":"r"}""", (name, value));

        Assert.True(answer.Status == 400, answer.Body);
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    [Fact]
    public async Task Any_version_and_the_whole_tag_of_an_answer_match()
    {
        await _site.OrderAsync("c-match", "e");
        var tag = (await _site.GetAsync("/v1/customers/c-match")).ETag;

        var exact = await AdjustAsync("c-match", """{"points":5,"reason":"r"}""", ("If-Match", tag));
        var any = await AdjustAsync("c-match", """{"points":5,"reason":"r"}""", ("If-Match", "*"));

        Assert.Equal((200, 200), (exact.Status, any.Status));
    }

    [Fact]
    public async Task A_tag_of_another_history_matches_nothing()
    {
        await _site.OrderAsync("c-history", "e");
        var tag = (await _site.GetAsync("/v1/customers/c-history")).ETag;
        var parts = tag.Trim('"').Split('.');
        Assert.Equal([1, 8, 8], parts.Select(part => part.Length));
        var before = $"\"{parts[0]}.{(parts[1] == "00000000" ? "11111111" : "00000000")}.{parts[2]}\"";
        var older = $"\"{parts[0]}.{parts[2]}\"";
        foreach (var stale in new[] { before, older })
        {
            var answer = await AdjustAsync("c-history", """{"points":5,"reason":"r"}""", ("If-Match", stale));
            Assert.Equal((412, "stale_version"), (answer.Status, answer.Problem));
            Assert.Equal(200, (await _site.GetAsync("/v1/customers/c-history", ("If-None-Match", stale))).Status);
        }

        Assert.Equal(304, (await _site.GetAsync("/v1/customers/c-history", ("If-None-Match", tag))).Status);
        var version = await AdjustAsync(
            "c-history", """{"points":5,"reason":"r"}""", ("If-Match", $"\"{parts[0]}\""));
        Assert.Equal(200, version.Status);
    }

    [Fact]
    public async Task A_command_that_was_taken_is_answered_again_whatever_history_its_tag_is_of()
    {
        await _site.OrderAsync("c-again", "e");
        var tag = (await _site.GetAsync("/v1/customers/c-again")).ETag;
        const string Body = """{"points":5,"reason":"r"}""";
        var first = await AdjustAsync("c-again", Body, ("If-Match", tag), ("Idempotency-Key", "k"));
        var again = await AdjustAsync(
            "c-again", Body, ("If-Match", "\"1.00000000.00000000\""), ("Idempotency-Key", "k"));

        Assert.Equal((200, first.Body), (again.Status, again.Body));
    }

    private Task<Answer> RedeemAsync(string id, string body, params (string, string)[] headers) =>
        _site.PostAsync($"/v1/customers/{id}/points/redeem", body, headers);

    private Task<Answer> AdjustAsync(string id, string body, params (string, string)[] headers) =>
        _site.PostAsync($"/v1/customers/{id}/points/adjust", body, headers);
}
