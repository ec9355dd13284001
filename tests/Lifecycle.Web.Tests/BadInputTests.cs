using System.Text.Json;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

/// <summary>Each case of bad input: a clear problem, nothing lost, no 500.</summary>
public sealed class BadInputTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task Malformed_json_is_400_with_its_place_and_nothing_is_taken()
    {
        var answer = await _site.PostAsync("/v1/events", $"[{Sent.Visit("c-mal", "1")},\n{{\"id\": }}]");

        Assert.Equal((400, "malformed_json"), (answer.Status, answer.Problem));
        Assert.Contains("line 2, byte 8", answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/c-mal")).Status);
    }

    [Theory]
    [InlineData("\"EUR\"", "7", "invalid_field", "/data/currency")]
    [InlineData("\"EUR\"", "\"ZZZ\"", "unknown_currency", "/data/currency")]
    [InlineData(":12900,\"items\"", ":\"12900\",\"items\"", "invalid_field", "/data/amount_minor")]
    [InlineData(":12900,\"items\"", ":-12900,\"items\"", "amount_out_of_range", "/data/amount_minor")]
    [InlineData(":12900,\"items\"", ":9223372036854775808,\"items\"", "amount_out_of_range", "/data/amount_minor")]
    [InlineData(":12900}", ":1000000000001}", "amount_out_of_range", "/data/items/0/amount_minor")]
    [InlineData("\"e\"", "\"e\\u0007\"", "invalid_id", "/id")]
    [InlineData("2026-11-20T11:00:00Z", "0001-01-01T00:00:00Z", "occurred_at_out_of_range", "/occurred_at")]
    [InlineData("2026-11-20T11:00:00Z", "9999-12-31T23:59:59Z", "occurred_at_in_future", "/occurred_at")]
    [InlineData("2026-11-20T11:00:00Z", "2026-11-20T12:10:00Z", "occurred_at_in_future", "/occurred_at")]
    public async Task An_event_with_a_wrong_value_goes_to_quarantine_with_its_reason(
        string part, string instead, string reason, string pointer)
    {
        var body = Sent.Order("c-bad", "e").Replace("\n", "", StringComparison.Ordinal);
        Assert.Contains(part, body, StringComparison.Ordinal);
        var before = await CountAsync(reason);

        var answer = await _site.PostAsync("/v1/events", body.Replace(part, instead, StringComparison.Ordinal));

        Assert.Equal((200, 1), (answer.Status, answer.Number("quarantined")));
        var problem = answer.Json.GetProperty("results")[0].GetProperty("problem");
        Assert.Equal($"/problems/{reason}", problem.GetProperty("type").GetString());
        Assert.True(problem.GetProperty("errors").TryGetProperty(pointer, out _));
        Assert.Equal(before + 1, await CountAsync(reason));
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/c-bad")).Status);
    }

    [Theory]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59-23:59")]
    public async Task A_time_after_the_year_9999_is_not_called_too_early(string time)
    {
        var answer = await _site.PostAsync(
            "/v1/events", Sent.Visit("c-year", "e").Replace("2026-11-20T11:00:00Z", time, StringComparison.Ordinal));

        Assert.Equal("occurred_at_out_of_range", ReasonOf(answer));
        Assert.Contains("9999", answer.Body.Replace(time, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_of_an_impossible_length_is_400()
    {
        var answer = await _site.RawAsync(
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/malformed_request", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_nested_too_deep_is_told_so()
    {
        var answer = await _site.PostAsync("/v1/events", new string('[', 100) + new string(']', 100));

        Assert.Equal((400, "malformed_json"), (answer.Status, answer.Problem));
        Assert.Contains("64 levels", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/events", "br")]
    [InlineData("/v1/customers/c/points/redeem", "gzip")]
    public async Task A_compressed_body_is_415_and_says_how_to_send_it(string path, string coding)
    {
        using var content = new ByteArrayContent([0x1f, 0x8b, 8, 0]);
        content.Headers.ContentEncoding.Add(coding);
        var answer = await _site.SendAsync(HttpMethod.Post, path, content);

        Assert.Equal((415, "unsupported_media_type"), (answer.Status, answer.Problem));
        Assert.Contains("Content-Encoding", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reference", "\\u001b[31m", 400)]
    [InlineData("reference", "a\\nb", 400)]
    [InlineData("reference", "\\u0085", 400)]
    [InlineData("note", "\\u001b", 400)]
    [InlineData("note", "two\\r\\n\\tlines", 422)]
    public async Task Only_a_note_has_lines_and_nothing_has_other_control_characters(string field, string text, int status)
    {
        await _site.OrderAsync("c-control", "e");
        var answer = await _site.PostAsync(
            "/v1/customers/c-control/points/redeem", $$"""{"points":1,"{{field}}":"{{text}}"}""");

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_command_may_start_with_a_byte_order_mark_and_is_told_of_a_field_that_is_there_twice()
    {
        await _site.OrderAsync("c-mark", "e");
        var marked = await _site.PostAsync("/v1/customers/c-mark/points/redeem", "\uFEFF{\"points\":1}");
        var twice = await _site.PostAsync("/v1/customers/c-mark/points/redeem", """{"points":1,"points":2}""");

        Assert.Equal((422, "insufficient_points"), (marked.Status, marked.Problem));
        Assert.Equal((400, "The body has a field twice."), (twice.Status, twice.Text("detail")));
    }

    [Fact]
    public async Task A_hundred_thousand_items_are_too_many()
    {
        var items = string.Join(',', Enumerable.Repeat("{}", 100_000));
        var body = $$$"""{"id":"i","customer":"c-items","type":"order.placed","data":{"order_id":"o","amount_minor":1,"items":[{{{items}}}]}}""";

        var answer = await _site.PostAsync("/v1/events", body);

        Assert.Equal((200, "too_many_items"), (answer.Status, ReasonOf(answer)));
    }

    [Fact]
    public async Task An_id_of_ten_megabytes_is_refused_and_kept()
    {
        var answer = await _site.PostAsync("/v1/events", Sent.Visit("c-long", new string('x', 10_000_000)));

        Assert.Equal((200, "invalid_id"), (answer.Status, ReasonOf(answer)));
    }

    [Fact]
    public async Task A_body_above_the_limit_is_413_and_names_it()
    {
        using var content = new ByteArrayContent(new byte[(16 << 20) + 1]);
        var answer = await _site.SendAsync(HttpMethod.Post, "/v1/events", content);

        Assert.Equal((413, "body_too_large"), (answer.Status, answer.Problem));
        Assert.Contains("16777216", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reused_event_id_with_another_body_goes_to_quarantine_and_the_first_stays()
    {
        await _site.OrderAsync("c-reuse", "e", 12_900);
        var answer = await _site.OrderAsync("c-reuse", "e", 99_900);

        Assert.Equal("id_reused", ReasonOf(answer));
        Assert.Equal(129, (await _site.GetAsync("/v1/customers/c-reuse/status")).Number("pending"));
    }

    [Fact]
    public async Task A_reused_idempotency_key_with_another_body_is_422()
    {
        var path = "/v1/customers/c-key/points/adjust";
        await _site.PostAsync(path, """{"points":50,"reason":"goodwill"}""", ("Idempotency-Key", "k"));
        var answer = await _site.PostAsync(path, """{"points":51,"reason":"goodwill"}""", ("Idempotency-Key", "k"));

        Assert.Equal((422, "idempotency_key_reused"), (answer.Status, answer.Problem));
        Assert.Equal(50, (await _site.GetAsync("/v1/customers/c-key/status")).Number("available"));
    }

    [Fact]
    public async Task A_stale_version_is_412_and_says_the_present_one()
    {
        await _site.OrderAsync("c-stale", "e");
        var path = "/v1/customers/c-stale/points/adjust";
        await _site.PostAsync(path, """{"points":50,"reason":"goodwill"}""", ("If-Match", "\"1\""));
        var answer = await _site.PostAsync(path, """{"points":50,"reason":"goodwill"}""", ("If-Match", "\"1\""));

        Assert.Equal((412, "stale_version", 2), (answer.Status, answer.Problem, answer.Number("version")));
    }

    [Theory]
    [InlineData("a%00b")]
    [InlineData("%20")]
    [InlineData("a%0Ab")]
    public async Task A_customer_id_that_is_none_is_400(string id)
    {
        var answer = await _site.GetAsync($"/v1/customers/{id}/status");

        Assert.True(answer.Status == 400, answer.Body);
    }

    private static string? ReasonOf(Answer answer) =>
        answer.Json.GetProperty("results")[0].GetProperty("problem").GetProperty("type").GetString()?["/problems/".Length..];

    private async Task<long> CountAsync(string reason) =>
        (await _site.GetAsync("/v1/quarantine")).Json.GetProperty("counts").EnumerateArray()
            .Where(c => c.GetProperty("reason").GetString() == reason)
            .Sum((JsonElement c) => c.GetProperty("times").GetInt64());
}
