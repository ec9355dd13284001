using System.Net.Http.Headers;
using System.Text;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class CloudEventTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private const string Structured = "application/cloudevents+json";
    private const string Batched = "application/cloudevents-batch+json";

    private readonly Site _site = shared.Site;

    [Fact]
    public async Task The_same_event_in_every_mode_is_taken_once()
    {
        var first = await SendAsync(Order("c-modes", "e", ",\"traceparent\":\"00-ab\",\"sampled\":7"), Structured);
        var charset = await SendAsync(
            Order("c-modes", "e", ",\"sampled\":7,\"traceparent\":\"00-ab\""), "Application/CloudEvents+JSON; charset=utf-8");
        var batch = await SendAsync(
            $"[{Order("c-modes", "e", ",\"sampled\":\"7\",\"traceparent\":\"00-ab\",\"nothing\":null")}]", Batched);
        var binary = await BinaryAsync(
            Data("o-e"), "application/json", ("ce-specversion", "1.0"), ("ce-id", "e"), ("ce-source", "/shop"),
            ("CE-Type", "order.placed"), ("ce-subject", "c-modes"), ("ce-time", "2026-11-20T11:00:00Z"),
            ("ce-traceparent", "00-ab"), ("ce-sampled", "7"));

        Assert.Equal([1L, 0, 0, 0], new[] { first, charset, batch, binary }.Select(a => a.Number("accepted")));
        Assert.Equal([0L, 1, 1, 1], new[] { first, charset, batch, binary }.Select(a => a.Number("duplicates")));
        var entry = (await _site.GetAsync("/v1/customers/c-modes/entries")).Json.GetProperty("entries")[0];
        Assert.Equal(
            ("order.placed", "/shop", "e", "2026-11-20T11:00:00Z"),
            (entry.GetProperty("type").GetString(), entry.GetProperty("source").GetString(),
            entry.GetProperty("id").GetString(), entry.GetProperty("occurred_at").GetString()));
        Assert.Equal(12_900, entry.GetProperty("data").GetProperty("amount_minor").GetInt64());
        Assert.False(entry.GetProperty("data").TryGetProperty("traceparent", out _));
    }

    [Fact]
    public async Task An_empty_batch_is_nothing_to_do() =>
        Assert.Equal("""{"accepted":0,"duplicates":0,"quarantined":0,"results":[]}""", (await SendAsync("[]", Batched)).Body);

    [Fact]
    public async Task One_bad_event_of_a_batch_never_spoils_the_others()
    {
        var answer = await SendAsync(
            $$"""[{{Order("c-batch", "1")}},{"specversion":"0.3","id":"2","source":"/s","type":"visit"},7,{}]""", Batched);

        Assert.Equal((1, 3), (answer.Number("accepted"), answer.Number("quarantined")));
        Assert.Equal(
            ["unsupported_specversion", "invalid_field", "missing_field"],
            answer.Json.GetProperty("results").EnumerateArray().Select(Reason));
    }

    [Theory]
    [InlineData("""{"id":"e","source":"/s","type":"visit","subject":"c"}""", "missing_field", "/specversion")]
    [InlineData("""{"specversion":"2.0","id":"e","source":"/s","type":"visit","subject":"c"}""",
        "unsupported_specversion", "/specversion")]
    [InlineData("""{"specversion":"1.0","id":"e","type":"visit","subject":"c"}""", "missing_field", "/source")]
    [InlineData("""{"specversion":"1.0","id":null,"source":"/s","type":"visit","subject":"c"}""", "missing_field", "/id")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/s","type":"visit"}""", "missing_customer", "/customer")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/s","type":"visit","subject":"c","time":"noon"}""",
        "invalid_field", "/time")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/s","type":"visit","subject":"c","Upper":"x"}""",
        "invalid_field", "/Upper")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/s","type":"visit","subject":"c","list":[1]}""",
        "invalid_field", "/list")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/s","type":"visit","subject":"c","x":"\ud800"}""",
        "invalid_field", "/x")]
    [InlineData("""{"specversion":"1.0","id":"e","id":"f","source":"/s","type":"visit","subject":"c"}""",
        "duplicate_field", "/id")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/s","type":"visit","subject":"c","data":{},"data_base64":"e30="}""",
        "invalid_field", "/data_base64")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/s","type":"visit","subject":"c","data_base64":"e3"}""",
        "invalid_field", "/data_base64")]
    [InlineData("""{"specversion":"1.0","id":"e","source":"/s","type":"visit","subject":"c","data_base64":"AAAA"}""",
        "invalid_field", "/data_base64")]
    public async Task What_is_wrong_goes_to_quarantine_with_its_place(string body, string reason, string place)
    {
        var answer = await SendAsync(body, Structured);

        Assert.Equal((200, 1), (answer.Status, answer.Number("quarantined")));
        var result = answer.Json.GetProperty("results")[0];
        Assert.Equal(reason, Reason(result));
        Assert.True(result.GetProperty("problem").GetProperty("errors").TryGetProperty(place, out _), answer.Body);
    }

    [Fact]
    public async Task A_source_that_is_longer_than_an_id_goes_to_quarantine()
    {
        var answer = await SendAsync(
            Order("c-long", "e").Replace("/shop", $"/{new string('s', 128)}", StringComparison.Ordinal), Structured);

        Assert.Equal("invalid_id", Reason(answer.Json.GetProperty("results")[0]));
    }

    [Theory]
    [InlineData("\"data\":null")]
    [InlineData("\"data\":[1,2]")]
    [InlineData("\"data\":\"{\\\"a\\\":1}\"")]
    [InlineData("\"datacontenttype\":\"text/plain\",\"data\":\"hello\"")]
    [InlineData("\"datacontenttype\":\"image/png\",\"data_base64\":\"AAAA\"")]
    [InlineData("\"data_base64\":\"eyJhIjoxfQ==\"")]
    public async Task Data_that_is_no_object_is_kept_too(string data)
    {
        var customer = $"c-data-{Convert.ToHexString(Encoding.UTF8.GetBytes(data))[^16..]}";
        var answer = await SendAsync(
            $$"""{"specversion":"1.0","id":"{{data.Length}}","source":"/data","type":"com.shop.thing","subject":"{{customer}}",{{data}}}""",
            Structured);

        Assert.Equal((200, 1), (answer.Status, answer.Number("accepted")));
    }

    [Fact]
    public async Task Data_in_base64_of_json_is_read_as_json()
    {
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes(Data("o-b64")));
        var answer = await SendAsync(
            $$"""{"specversion":"1.0","id":"b64","source":"/shop","type":"order.placed","customer":"c-b64","subject":"/orders/1","data_base64":"{{data}}"}""",
            Structured);

        Assert.Equal(1, answer.Number("accepted"));
        var entry = (await _site.GetAsync("/v1/customers/c-b64/entries")).Json.GetProperty("entries")[0];
        Assert.Equal(12_900, entry.GetProperty("data").GetProperty("amount_minor").GetInt64());
    }

    [Fact]
    public async Task Headers_are_unquoted_and_decoded_once()
    {
        var answer = await BinaryAsync(
            "", null, ("ce-specversion", "1.0"), ("ce-id", "\"e%2520\\\"1\""), ("ce-source", "/shop%C3%A4"),
            ("ce-type", "visit"), ("ce-customer", "J%C3%BCrgen%20%E2%98%95"), ("ce-subject", "%41"));

        Assert.Equal(1, answer.Number("accepted"));
        var entries = await _site.GetAsync($"/v1/customers/{Uri.EscapeDataString("Jürgen ☕")}/entries");
        var entry = entries.Json.GetProperty("entries")[0];
        Assert.Equal(("e%20\"1", "/shopä"), (entry.GetProperty("id").GetString(), entry.GetProperty("source").GetString()));
    }

    [Theory]
    [InlineData("ce-subject", "%C0%A0")]
    [InlineData("ce-datacontenttype", "application/json")]
    [InlineData("ce-data", "x")]
    public async Task A_header_that_cannot_be_is_named_and_nothing_is_taken(string name, string value)
    {
        var answer = await BinaryAsync(
            "{}", "application/json", ("ce-specversion", "1.0"), ("ce-id", "h"), ("ce-source", "/h"),
            ("ce-type", "visit"), ("ce-customer", "c-header"), (name, value));

        Assert.Equal((400, "invalid_parameter"), (answer.Status, answer.Problem));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(name, out _));
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/c-header")).Status);
    }

    [Theory]
    [InlineData("application/cloudevents+avro")]
    [InlineData("application/cloudevents-batch+protobuf")]
    [InlineData("application/cloudevents")]
    public async Task Another_format_is_415(string mediaType)
    {
        var answer = await SendAsync("{}", mediaType);
        Assert.Equal((415, "unsupported_media_type"), (answer.Status, answer.Problem));
    }

    [Theory]
    [InlineData("{", Structured)]
    [InlineData("", Structured)]
    [InlineData("[", Batched)]
    [InlineData("\"\u0001\"", Batched)]
    public async Task A_body_that_is_not_json_is_400(string body, string mediaType)
    {
        var answer = await SendAsync(body, mediaType);
        Assert.Equal((400, "malformed_json"), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task Deep_data_is_taken_or_400_but_never_a_fault()
    {
        foreach (var depth in Enumerable.Range(55, 15))
        {
            var data = new string('[', depth) + new string(']', depth);
            foreach (var (body, type) in new[] { (Deep(data), Structured), ($"[{Deep(data)}]", Batched) })
                Assert.True((await SendAsync(body, type)).Status is 200 or 400, body);
            var binary = await BinaryAsync(
                data, "application/json", ("ce-specversion", "1.0"), ("ce-id", "d"), ("ce-source", "/d"),
                ("ce-type", "deep"), ("ce-customer", "c-deep"));
            Assert.True(binary.Status is 200 or 400, data);
        }

        static string Deep(string data) =>
            $$"""{"specversion":"1.0","id":"d","source":"/d","type":"deep","customer":"c-deep","data":{{data}}}""";
    }

    [Fact]
    public async Task A_quarantined_cloud_event_is_replayed_as_one()
    {
        await BinaryAsync(
            Data("o-r"), "application/json", ("ce-specversion", "2.0"), ("ce-id", "e"), ("ce-source", "/replay"),
            ("ce-type", "order.placed"), ("ce-customer", "c-replay"));
        var item = (await _site.GetAsync("/v1/quarantine?source=/replay")).Json.GetProperty("items")[0];
        var id = item.GetProperty("id").GetInt64();

        var again = await _site.PostAsync($"/v1/quarantine/{id}/replay", "");
        var body = await _site.GetAsync($"/v1/quarantine/{id}");
        using var corrected = new StringContent(
            body.Text("body")!.Replace("\"2.0\"", "\"1.0\"", StringComparison.Ordinal), new MediaTypeHeaderValue(Structured));
        var right = await _site.SendAsync(HttpMethod.Post, $"/v1/quarantine/{id}/replay", corrected);

        Assert.Equal("cloudevent", item.GetProperty("format").GetString());
        Assert.Equal("unsupported_specversion", Reason(again.Json.GetProperty("result")));
        Assert.Equal("accepted", right.Json.GetProperty("result").GetProperty("status").GetString());
        Assert.Equal(1, (await _site.GetAsync("/v1/customers/c-replay/status")).Number("version"));
    }

    [Fact]
    public async Task Results_and_the_historical_flag_hold_in_every_mode()
    {
        var old = Order("c-flag", "1").Replace("2026-11-20", "2020-01-05", StringComparison.Ordinal);
        var structured = await SendAsync(old, Structured, "?historical=true&results=all");
        var none = await SendAsync($"[{old},{{}}]", Batched, "?historical=true&results=none");

        Assert.True(structured.Json.GetProperty("results")[0].TryGetProperty("receipt", out _));
        Assert.Equal((0, 1, 1, 0), (
            none.Number("accepted"), none.Number("duplicates"), none.Number("quarantined"),
            none.Json.GetProperty("results").GetArrayLength()));
        var entry = (await _site.GetAsync("/v1/customers/c-flag/entries?limit=200")).Json.GetProperty("entries")
            .EnumerateArray().Last();
        Assert.Equal("2020-01-05T11:00:00Z", entry.GetProperty("at").GetString());
    }

    [Fact]
    public async Task The_handshake_allows_the_origin_that_asks()
    {
        var asked = await _site.SendAsync(
            HttpMethod.Options, "/v1/events", null, ("WebHook-Request-Origin", "eventemitter.example.com"),
            ("WebHook-Request-Rate", "120"));
        var plain = await _site.SendAsync(HttpMethod.Options, "/v1/events", null);

        Assert.Equal((204, 204), (asked.Status, plain.Status));
        Assert.Equal("eventemitter.example.com", asked.Headers.GetValues("WebHook-Allowed-Origin").Single());
        Assert.Equal("1200000", asked.Headers.GetValues("WebHook-Allowed-Rate").Single());
        Assert.False(plain.Headers.Contains("WebHook-Allowed-Origin"));
    }

    [Fact]
    public async Task A_sender_without_headers_gives_its_key_in_the_query_of_this_route_alone()
    {
        var key = (await _site.PostAsync("/v1/admin/keys", """{"name":"hook","roles":["ingest","admin"]}""")).Text("key");
        using var content = new StringContent(Order("c-token", "e"), new MediaTypeHeaderValue(Structured));
        var header = ("Authorization", "");

        var taken = await _site.SendAsync(HttpMethod.Post, $"/v1/events?access_token={key}", content, header);
        var both = await SendAsync(Order("c-token", "e"), Structured, $"?access_token={key}");
        var other = await _site.GetAsync($"/v1/quarantine?access_token={key}", header);

        Assert.Equal(1, taken.Number("accepted"));
        Assert.Equal(200, both.Status);
        Assert.Equal(401, other.Status);
    }

    private static string Reason(System.Text.Json.JsonElement result) =>
        result.GetProperty("problem").GetProperty("type").GetString()!["/problems/".Length..];

    private static string Data(string order) =>
        $$"""{"order_id":"{{order}}","currency":"EUR","amount_minor":12900,"hint":"gift"}""";

    private static string Order(string customer, string id, string more = "") =>
        $$"""
        {"specversion":"1.0","id":"{{id}}","source":"/shop","type":"order.placed","subject":"{{customer}}",
        "time":"2026-11-20T11:00:00Z","datacontenttype":"application/json","data":{{Data($"o-{id}")}}{{more}}}
        """;

    private async Task<Answer> SendAsync(string body, string mediaType, string query = "")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return await _site.SendAsync(HttpMethod.Post, $"/v1/events{query}", content);
    }

    private async Task<Answer> BinaryAsync(
        string body, string? contentType, params (string Name, string Value)[] headers)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await _site.SendAsync(HttpMethod.Post, "/v1/events", content, headers);
    }

    [Fact]
    public async Task A_request_that_names_two_formats_is_refused_instead_of_being_read_as_one_of_them()
    {
        var body = Sent.Visit("c-two-formats", "1");
        var answer = await _site.RawAsync(
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer dev\r\n" +
            "Content-Type: application/json\r\nContent-Type: application/cloudevents+json\r\n" +
            $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type is sent twice.", answer, StringComparison.Ordinal);
    }
}
