using System.Text;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Segment;

/// <summary>How clients of many kinds reach us.</summary>
public sealed class SegmentRouteTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Theory]
    [InlineData("/v1/track")]
    [InlineData("/v1/t")]
    [InlineData("/t")]
    [InlineData("/v1/i")]
    [InlineData("/v1/p")]
    [InlineData("/v1/s")]
    [InlineData("/v1/g")]
    [InlineData("/v1/a")]
    [InlineData("/v1/identify")]
    [InlineData("/v1/page")]
    [InlineData("/v1/screen")]
    [InlineData("/v1/group")]
    [InlineData("/v1/alias")]
    public async Task Each_route_takes_its_call(string route)
    {
        var customer = "r" + route.Replace('/', '-');
        var answer = await _site.SegmentAsync(
            route,
            $$"""{"messageId":"m","userId":"{{customer}}","event":"E","groupId":"g","previousId":"p-{{customer}}"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"success":true,"accepted":1,"duplicates":0,"quarantined":0,"rejections":[]}""", answer.Body);
        Assert.Single(await _site.EntriesOfAsync(customer));
    }

    [Theory]
    [InlineData("/v1/batch")]
    [InlineData("/v1/b")]
    [InlineData("/b")]
    [InlineData("/batch")]
    [InlineData("/beacon/v1/batch")]
    public async Task A_batch_is_taken_whatever_its_content_type_and_its_context_goes_to_each(string route)
    {
        var customer = "b" + route.Replace('/', '-');
        using var content = new StringContent(
            $$"""
            {"batch":[{"type":"track","event":"Signed Up","messageId":"1","userId":"{{customer}}","properties":{} },
            {"type":"page","messageId":"2","anonymousId":"{{customer}}"}],
            "context":{"campaign":{"source":"newsletter"} },"writeKey":"dev"}
            """, Encoding.UTF8, "application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = content };
        using var client = new HttpClient { BaseAddress = _site.Http.BaseAddress };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var entries = await _site.EntriesOfAsync(customer);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(["customer.registered", "visit"], entries.Select(e => e.Type()));
        Assert.Equal("""{"acquisition_channel":"newsletter"}""", entries[0].Data());
    }

    [Theory]
    [InlineData("Basic ZGV2Og==", "", "", 200)]
    [InlineData("Basic ZGV2", "", "", 200)]
    [InlineData("Bearer dev", "", "", 200)]
    [InlineData("Bearer some-oauth-token", "dev", "", 200)]
    [InlineData(null, "dev", "", 200)]
    [InlineData(null, "", "dev", 200)]
    [InlineData("Basic bm9wZTo=", "dev", "", 401)]
    [InlineData("Basic !!!", "dev", "", 401)]
    [InlineData("Bearer nope", "nope", "", 401)]
    [InlineData(null, "", "", 401)]
    public async Task The_key_may_be_in_each_place_where_clients_put_it(
        string? header, string body, string query, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/page?writeKey={query}")
        {
            Content = new StringContent($$"""{"messageId":"k","userId":"k-1","writeKey":"{{body}}" }"""),
        };
        if (header is not null) request.Headers.TryAddWithoutValidation("Authorization", header);
        using var client = new HttpClient { BaseAddress = _site.Http.BaseAddress };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 401) Assert.Contains("\"code\":\"unauthenticated\",\"message\":", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_the_role_is_403_for_good()
    {
        var made = await _site.PostAsync("/v1/admin/keys", """{"name":"till","roles":["member"]}""");
        var answer = await _site.PostAsync(
            "/v1/track", $$"""{"userId":"u","event":"E","writeKey":"{{made.Text("key")}}" }""",
            ("Authorization", "Bearer token-of-another-system"));

        Assert.Equal((403, "forbidden", "forbidden"), (answer.Status, answer.Problem, answer.Text("code")));
    }

    [Theory]
    [InlineData("POST", "/v1/track", 200)]
    [InlineData("POST", "/v1/events?results=all", 403)]
    [InlineData("POST", "/v1/customers/c-1/points/calculate", 403)]
    [InlineData("GET", "/v1/customers/c-1", 403)]
    [InlineData("GET", "/v1/customers/c-1/status", 403)]
    [InlineData("GET", "/v1/feed", 403)]
    public async Task A_key_for_a_page_sends_by_these_routes_and_reads_nothing(string method, string route, int status)
    {
        var made = await _site.PostAsync("/v1/admin/keys", """{"name":"page","roles":["track"]}""");
        using var body = new StringContent("""{"userId":"u","event":"E"}""");
        var answer = await _site.SendAsync(
            new(method), route, method == "POST" ? body : null, ("Authorization", $"Bearer {made.Text("key")}"));

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData("/v1/batch", "{not json", "malformed_json")]
    [InlineData("/v1/batch", "", "malformed_json")]
    [InlineData("/v1/batch", "[]", "invalid_body")]
    [InlineData("/v1/batch", "{\"batch\":{}}", "invalid_body")]
    [InlineData("/v1/track", "7", "invalid_body")]
    [InlineData("/v1/batch", "{\"batch\":[],\"context\":{\"\\ud800\":1}}", "malformed_json")]
    public async Task A_body_that_cannot_be_taken_at_all_is_400_with_a_code_and_a_message(
        string route, string body, string code)
    {
        var answer = await _site.SegmentAsync(route, body);
        Assert.Equal((400, code, code), (answer.Status, answer.Problem, answer.Text("code")));
        Assert.Equal(answer.Text("detail"), answer.Text("message"));
        Assert.DoesNotContain("Invalid JSON", answer.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_browser_of_any_origin_may_send()
    {
        var preflight = await _site.SendAsync(
            HttpMethod.Options, "/v1/t", null, ("Origin", "https://shop.example"),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type,anonymousid,x-retry-count,rsa-x,sentat"));
        var refused = await _site.SendAsync(
            HttpMethod.Post, "/v1/t", new StringContent("{"), ("Origin", "https://shop.example"));
        var other = await _site.GetAsync("/v1/customers/c", ("Origin", "https://shop.example"));

        Assert.Equal(204, preflight.Status);
        Assert.Equal("*", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        foreach (var name in new[] { "authorization", "anonymousid", "x-retry-count", "rsa-x", "sentat" })
            Assert.Contains(
                name, string.Join(",", preflight.Headers.GetValues("Access-Control-Allow-Headers")),
                StringComparison.OrdinalIgnoreCase);
        Assert.Equal(400, refused.Status);
        Assert.True(refused.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/v1/projects/dev/settings")]
    [InlineData("/projects/dev/settings")]
    public async Task Settings_send_a_browser_client_here(string path)
    {
        var answer = await _site.GetAsync(path);
        var segment = answer.Json.GetProperty("integrations").GetProperty("Segment.io");

        Assert.Equal("dev", segment.GetProperty("apiKey").GetString());
        Assert.Equal($"{_site.Http.BaseAddress!.Authority}/v1", segment.GetProperty("apiHost").GetString());
        Assert.Equal("http", segment.GetProperty("protocol").GetString());
        Assert.Equal(401, (await _site.GetAsync(path.Replace("dev", "nope"))).Status);
    }

    [Fact]
    public async Task A_browser_client_of_rudderstack_finds_its_source_and_a_go_client_its_nodes()
    {
        var source = await _site.GetAsync("/sourceConfig/?writeKey=dev");
        var nodes = await _site.GetAsync("/cluster-info");

        Assert.Equal("dev", source.Json.GetProperty("source").GetProperty("writeKey").GetString());
        Assert.Empty(source.Json.GetProperty("source").GetProperty("destinations").EnumerateArray());
        Assert.Equal("""{"nodeCount":1}""", nodes.Body);
    }

    [Fact]
    public async Task A_picture_in_a_page_or_a_mail_counts()
    {
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"userId":"pixel","event":"Email Opened","properties":{"campaign_name":"x"}}"""));
        var mail = await _site.GetAsync($"/pixel/v1/track?writeKey=dev&data={Uri.EscapeDataString(data)}");
        var page = await _site.GetAsync("/pixel/v1/page?writeKey=dev&userId=pixel&name=Home&properties.path=%2Fhome");
        var entries = await _site.EntriesOfAsync("pixel");

        Assert.Equal((200, "image/gif"), (mail.Status, mail.MediaType));
        Assert.Equal(200, page.Status);
        Assert.StartsWith("GIF89a", page.Body, StringComparison.Ordinal);
        Assert.Equal(["campaign.opened", "visit"], entries.Select(e => e.Type()));
        Assert.Equal(400, (await _site.GetAsync("/pixel/v1/page?writeKey=dev&data=!")).Status);
    }
}
