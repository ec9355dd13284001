using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests.Segment;

/// <summary>Exactly once, the client's clock, and what cannot be taken.</summary>
public sealed class SegmentIntakeTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Theory]
    [InlineData("""{"order_id":"o","subtotal":10,"tax":"abc"}""")]
    [InlineData("""{"order_id":"o","subtotal":10,"shipping":-2}""")]
    [InlineData("""{"order_id":"o","total":10,"discount":-1}""")]
    [InlineData("""{"order_id":"o","total":-10,"products":[{"sku":"a","price":3}]}""")]
    [InlineData("""{"order_id":"o","total":10,"products":7}""")]
    [InlineData("""{"order_id":"o","total":10,"products":[7]}""")]
    [InlineData("""{"order_id":"o","total":10,"products":[{"sku":"a","price":-1}]}""")]
    [InlineData("""{"order_id":"o","total":10,"products":[{"sku":"a","price":200000000,"quantity":1000}]}""")]
    [InlineData("""{"order_id":"o","total":10,"products":[{"sku":"a","price":1,"quantity":1.5}]}""")]
    [InlineData("""{"order_id":"o","products":[{"sku":"a","price":1}]}""")]
    [InlineData("""{"order_id":"o","total":10,"currency":"XXY"}""")]
    public async Task What_was_wrong_with_an_order_is_wrong_when_it_is_replayed_as_it_was_sent(string properties)
    {
        await using var site = await Site.StartAsync();
        Assert.Equal(1, (await site.TrackAsync("c", "m", "Order Completed", properties)).Number("quarantined"));
        var item = (await site.GetAsync("/v1/quarantine")).Json.GetProperty("items")[0].GetProperty("id").GetInt64();
        var replayed = await site.PostAsync($"/v1/quarantine/{item}/replay", "");

        Assert.Equal("quarantined", replayed.Json.GetProperty("result").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_retry_with_a_new_time_of_sending_is_a_duplicate_though_the_time_is_corrected_otherwise()
    {
        await using var site = await Site.StartAsync();
        string Sent(string at, string original = "2026-11-20T08:00:00Z") =>
            $$"""
            {"batch":[{"type":"page","messageId":"m-1","userId":"retry","timestamp":"{{original}}"}],"sentAt":"{{at}}"}
            """;
        // The client's clock is three hours behind; the retry comes ten seconds later and was stamped five later.
        var first = await site.SegmentAsync("/v1/batch", Sent("2026-11-20T09:00:00Z"));
        await site.AdvanceAsync(TimeSpan.FromSeconds(10));
        var retry = await site.SegmentAsync("/v1/batch", Sent("2026-11-20T09:00:05Z"));
        var unstamped = await site.SegmentAsync("/v1/batch", Sent("never"));
        var other = await site.SegmentAsync("/v1/batch", Sent("2026-11-20T09:00:05Z", "2026-11-20T08:00:01Z"));

        Assert.Equal((1, 1, 1), (first.Number("accepted"), retry.Number("duplicates"), unstamped.Number("duplicates")));
        Assert.Equal("id_reused", other.Json.GetProperty("rejections")[0].GetProperty("code").GetString());
        var entry = Assert.Single(await site.EntriesOfAsync("retry"));
        Assert.Equal("2026-11-20T11:00:00Z", entry.GetProperty("occurred_at").GetString());
    }

    [Fact]
    public async Task Retries_are_known_long_after_they_left_the_memory_of_recent_ids()
    {
        string Batch(string sentAt) =>
            $$"""{"sentAt":"{{sentAt}}","batch":[{{string.Join(',', Enumerable.Range(0, 40).Select(i =>
                $$"""{"type":"track","event":"E {{i % 3}}","messageId":"m-{{i}}","userId":"long","timestamp":"2026-11-20T08:00:{{i:00}}Z"}"""))}}]}""";

        var first = await _site.SegmentAsync("/v1/batch", Batch("2026-11-20T09:00:00Z"));
        var later = await _site.SegmentAsync("/v1/batch", Batch("2026-11-20T08:59:00Z"));

        Assert.Equal((40, 0), (first.Number("accepted"), first.Number("duplicates")));
        Assert.Equal((0, 40, 0), (later.Number("accepted"), later.Number("duplicates"), later.Number("quarantined")));
        Assert.Equal(40, (await _site.EntriesOfAsync("long")).Count);
    }

    [Fact]
    public async Task A_clock_that_is_ahead_is_corrected_and_no_reason_for_quarantine()
    {
        var answer = await _site.SegmentAsync(
            "/v1/track",
            """
            {"messageId":"m","userId":"ahead","event":"E","timestamp":"2027-01-01T00:00:00Z",
            "sentAt":"2027-01-01T00:00:30Z"}
            """);
        var future = await _site.SegmentAsync(
            "/v1/track",
            """
            {"messageId":"n","userId":"ahead","event":"E","timestamp":"2027-01-01T01:00:00Z",
            "sentAt":"2027-01-01T00:00:30Z"}
            """);
        var entry = Assert.Single(await _site.EntriesOfAsync("ahead"));

        Assert.Equal(1, answer.Number("accepted"));
        Assert.Equal("2026-11-20T11:59:30Z", entry.GetProperty("occurred_at").GetString());
        Assert.Equal(
            "occurred_at_in_future", future.Json.GetProperty("rejections")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Without_a_message_id_or_a_time_the_server_gives_them()
    {
        for (var i = 0; i < 2; i++)
            await _site.SegmentAsync("/v1/page", """{"userId":"bare","messageId":""}""");
        var entries = await _site.EntriesOfAsync("bare");

        Assert.Equal(2, entries.Count);
        Assert.Matches("^[0-9a-f]{32}$", entries[0].GetProperty("id").GetString()!);
        Assert.NotEqual(entries[0].GetProperty("id").GetString(), entries[1].GetProperty("id").GetString());
        Assert.Equal(
            _site.Clock.GetUtcNow().UtcDateTime, entries[0].GetProperty("occurred_at").GetDateTime().ToUniversalTime());
    }

    [Fact]
    public async Task What_cannot_be_understood_waits_in_quarantine_and_never_spoils_the_batch()
    {
        var answer = await _site.SegmentAsync(
            "/v1/batch",
            """
            {"batch":[
            {"type":"track","messageId":"1","event":"E"},
            {"type":"track","messageId":"2","userId":"bad","event":"Order Completed","properties":{"order_id":"o","total":"many"}},
            {"type":"track","messageId":"3","userId":"bad","event":"Order Completed","properties":{"order_id":"o","total":1,"currency":"XXY"}},
            {"type":"track","messageId":"4","userId":"bad","event":"Order Completed","properties":{"order_id":"o"}},
            {"type":"track","messageId":"5","userId":"bad","event":"Order Completed","properties":{"total":3}},
            {"type":"dance","messageId":"6","userId":"bad"},
            {"messageId":"7","userId":"bad"},
            7,
            {"type":"track","messageId":"9","userId":"bad"},
            {"type":"track","messageId":"10","userId":"bad","event":"E","properties":{"half":"\ud800"}},
            {"type":"track","messageId":["11"],"userId":"bad","event":"E"},
            {"type":"alias","messageId":"12","userId":"bad"},
            {"type":"group","messageId":"13","userId":"bad"},
            {"type":"track","messageId":"14","userId":"bad","event":"E","timestamp":"yesterday"},
            {"type":"track","messageId":"15","userId":"bad","event":"Product Added","properties":{"quantity":1.5}},
            {"type":"track","messageId":"16","userId":"bad","event":"Order Completed","properties":{"order_id":"o","total":-1}},
            {"type":"track","messageId":"17","userId":"bad","event":"points.earned"},
            {"type":"track","messageId":"18","userId":"bad","event":"Order Refunded","properties":{"order_id":"o","products":[7]}},
            {"type":"track","messageId":"19","userId":"good","event":"E"}]}
            """);
        var rejections = answer.Json.GetProperty("rejections").EnumerateArray().Select(r =>
            $"{r.GetProperty("index").GetInt32() + 1} {r.GetProperty("code").GetString()}").ToList();

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            [
                "1 missing_customer", "2 invalid_field", "3 unknown_currency", "4 missing_field", "5 missing_field",
                "6 invalid_field", "7 missing_field", "8 invalid_field", "9 missing_field", "10 invalid_field",
                "11 invalid_id", "12 missing_field", "13 missing_field", "14 invalid_field", "15 invalid_field",
                "16 amount_out_of_range", "17 invalid_field", "18 invalid_field",
            ],
            rejections);
        Assert.Contains(
            "/properties/total must be an amount such as 12.90",
            answer.Json.GetProperty("rejections")[1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Single(await _site.EntriesOfAsync("good"));
        Assert.Equal(404, (await _site.GetAsync("/v1/customers/bad")).Status);
    }

    [Fact]
    public async Task Whatever_is_changed_in_a_body_it_is_taken_or_refused_and_never_a_fault_of_ours()
    {
        const int Seed = 20261122;
        const string Batch =
            """
            {"batch":[{"type":"track","messageId":"1","userId":"m","anonymousId":"\u00e9","event":"Order Completed",
            "timestamp":"2026-11-20T08:00:00Z","properties":{"order_id":"o","total":12.90,"tax":"1e0","currency":"EUR",
            "products":[{"sku":"A","quantity":2,"price":"6.45"}]},"context":{"campaign":{"name":"x"}}},
            {"type":"identify","messageId":"2","userId":"m","traits":{"address":{"country":"DE"}}},
            {"type":"alias","messageId":"3","userId":"m","previousId":"p"}],"context":{"\ud83d\ude00":[null,true,-1.5e3]},
            "sentAt":"2026-11-20T09:00:00Z","writeKey":"dev"}
            """;
        var random = new Random(Seed);
        var alphabet = System.Text.Encoding.ASCII.GetBytes("{}[]\",:\\ud8019eE+-. \nnul");
        for (var i = 0; i < 400; i++)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(Batch);
            for (var n = random.Next(1, 4); n > 0; n--)
                bytes[random.Next(bytes.Length)] = alphabet[random.Next(alphabet.Length)];
            using var content = new ByteArrayContent(bytes);
            var answer = await _site.SendAsync(HttpMethod.Post, "/v1/batch", content);

            Assert.True(
                answer.Status is 200 or 400, $"seed {Seed}, body {i}: {answer.Body}\n{System.Text.Encoding.UTF8.GetString(bytes)}");
        }
    }

    [Fact]
    public async Task The_same_message_in_quarantine_is_counted_on_the_first()
    {
        await using var site = await Site.StartAsync();
        foreach (var sentAt in new[] { "2026-11-20T09:00:00Z", "2026-11-20T09:00:07Z" })
            await site.SegmentAsync(
                "/v1/batch",
                $$"""{"sentAt":"{{sentAt}}","batch":[{"type":"track","messageId":"1","event":"E","timestamp":"2026-11-20T08:00:00Z"}]}""");
        var counts = (await site.GetAsync("/v1/quarantine")).Json.GetProperty("counts")[0];

        Assert.Equal(("segment", "missing_customer"), (counts.GetProperty("source").GetString(), counts.GetProperty("reason").GetString()));
        Assert.Equal((1, 2), (counts.GetProperty("items").GetInt32(), counts.GetProperty("times").GetInt32()));
    }

    [Fact]
    public async Task A_batch_may_be_larger_than_theirs_and_one_message_too_large_is_its_own_fault()
    {
        await using var site = await Site.StartAsync(
            settings: [("Lifecycle:Web:EventsMax", "100"), ("Lifecycle:Web:EventBytesMax", "65536")]);
        string Page(int i, int bytes) =>
            $$$"""{"type":"page","messageId":"m-{{{i}}}","userId":"u-{{{i % 7}}}","properties":{"x":"{{{new string('x', bytes)}}}"}}""";
        var answer = await site.SegmentAsync(
            "/v1/batch",
            $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, 3_000).Select(i => Page(i, i == 2_500 ? 70_000 : 200)))}},{{Page(9_999, 40_000)}}]}""");

        Assert.Equal((200, 3_000, 1), (answer.Status, answer.Number("accepted"), answer.Number("quarantined")));
        var rejected = answer.Json.GetProperty("rejections")[0];
        Assert.Equal((2_500, "event_too_large"), (rejected.GetProperty("index").GetInt32(), rejected.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Compressed_bodies_are_inflated_within_a_limit()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:InflatedBytesMax", "100000"));
        async Task<Answer> Send(string route, byte[] bytes)
        {
            using var content = SegmentSite.Gzipped(bytes);
            return await site.SendAsync(HttpMethod.Post, route, content);
        }

        const string Batch = """{"batch":[{"type":"page","messageId":"1","userId":"zip"}],"sentAt":"2026-11-20T11:00:00Z"}""";
        var taken = await Send("/v1/batch", SegmentSite.Gzip(Batch));
        var events = await Send("/v1/events", SegmentSite.Gzip(Sent.Visit("zip", "v-1") + "\n" + Sent.Visit("zip", "v-2")));
        var bomb = await Send("/v1/batch", SegmentSite.Gzip(new byte[50_000_000]));
        var whole = SegmentSite.Gzip(Sent.Visit("zip", "v-3") + "\n" + Sent.Visit("zip", "v-4"));
        var cut = await Send("/v1/events", whole[..^12]);
        var none = await Send("/v1/track", "{}"u8.ToArray());

        Assert.Equal((200, 1), (taken.Status, taken.Number("accepted")));
        Assert.Equal((200, 2), (events.Status, events.Number("accepted")));
        Assert.Equal((413, "body_too_large"), (bomb.Status, bomb.Problem));
        Assert.Contains("inflates to at most 100000 bytes", bomb.Text("detail"), StringComparison.Ordinal);
        Assert.Equal((400, "malformed_request"), (cut.Status, cut.Problem));
        Assert.Equal((400, "malformed_request"), (none.Status, none.Problem));
        Assert.Equal(3, (await site.EntriesOfAsync("zip")).Count);
    }

    [Theory]
    [InlineData("overloaded", 429)]
    [InlineData("unavailable", 503)]
    public async Task What_passes_is_429_or_503_with_whole_seconds_so_that_clients_try_again(string code, int status)
    {
        await using var site = await Site.StartAsync(services: s => s.AddSingleton<ICustomers>(provider =>
            new FailingCustomers(
                provider.GetRequiredService<LifecycleEngine>().Customers, "bad",
                new UnavailableException(code, "Not now.", TimeSpan.FromMilliseconds(1_200)))));
        const string Batch =
            """{"batch":[{"type":"page","messageId":"1","userId":"good"},{"type":"page","messageId":"1","userId":"bad"}]}""";
        var answer = await site.SegmentAsync("/v1/batch", Batch);

        Assert.Equal((status, code, code), (answer.Status, answer.Problem, answer.Text("code")));
        Assert.Equal("2", answer.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_again()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:RequestsPerSecondMax", "1"));
        var first = await site.SegmentAsync("/v1/page", """{"messageId":"1","userId":"u"}""");
        var second = await site.SegmentAsync("/v1/page", """{"messageId":"2","userId":"u"}""");

        Assert.Equal((200, 429, "rate_limited"), (first.Status, second.Status, second.Text("code")));
        Assert.Equal("1", second.Headers.GetValues("Retry-After").Single());
    }
}
