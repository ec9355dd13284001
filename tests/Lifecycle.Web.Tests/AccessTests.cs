using Lifecycle.Web.Access;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

public sealed class AccessTests
{
    [Fact]
    public async Task A_key_does_what_its_roles_allow_until_it_is_revoked()
    {
        await using var site = await Site.StartAsync();
        var made = await site.PostAsync("/v1/admin/keys", """{"name":"till","roles":["ingest"]}""");
        var (id, key) = (made.Text("id")!, made.Text("key")!);
        var bearer = ("Authorization", $"Bearer {key}");
        site.Http.DefaultRequestHeaders.Authorization = null;

        var taken = await site.PostAsync("/v1/events", Sent.Visit("c", "1"), bearer);
        var denied = await site.GetAsync("/v1/customers/c", bearer);
        var admin = await site.GetAsync("/v1/admin/keys", bearer);
        var guessed = await site.PostAsync(
            "/v1/events", Sent.Visit("c", "2"), ("Authorization", $"Bearer {key[..^1]}!"));
        var revoked = await site.SendAsync(
            HttpMethod.Delete, $"/v1/admin/keys/{id}", null, ("Authorization", "Bearer dev"));
        var after = await site.PostAsync("/v1/events", Sent.Visit("c", "3"), bearer);

        Assert.Equal(201, made.Status);
        Assert.Matches($"^lk_{id}_[A-Za-z0-9_-]{{43}}$", key);
        Assert.Equal(200, taken.Status);
        Assert.Equal((403, "forbidden"), (denied.Status, denied.Problem));
        Assert.Contains("member or agent or analyst", denied.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(403, admin.Status);
        Assert.Equal((401, 204, 401), (guessed.Status, revoked.Status, after.Status));
    }

    [Fact]
    public async Task Lists_of_keys_never_hold_the_keys()
    {
        await using var site = await Site.StartAsync();
        var made = await site.PostAsync("/v1/admin/keys", """{"name":"till","roles":["member","agent"]}""");
        var list = await site.GetAsync("/v1/admin/keys");

        Assert.Equal("till", list.Json.GetProperty("keys")[0].GetProperty("name").GetString());
        Assert.DoesNotContain(made.Text("key")!.Split('_')[2], list.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"roles\":[\"ingest\"]}", "/name")]
    [InlineData("{\"name\":\"x\",\"roles\":[]}", "/roles")]
    [InlineData("{\"name\":\"x\",\"roles\":[\"root\"]}", "/roles")]
    [InlineData("{\"name\":\"x\",\"roles\":[7]}", "/roles")]
    public async Task A_key_needs_a_name_and_known_roles(string body, string field)
    {
        await using var site = await Site.StartAsync();
        var answer = await site.PostAsync("/v1/admin/keys", body);

        Assert.Equal((400, "invalid_body"), (answer.Status, answer.Problem));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Without_a_key_the_answer_is_401_with_the_scheme()
    {
        await using var site = await Site.StartAsync();
        site.Http.DefaultRequestHeaders.Authorization = null;
        var answer = await site.GetAsync("/v1/customers/c");

        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Problem));
        Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, (await site.GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task Outside_development_dev_is_no_key_and_the_first_start_makes_one_for_an_admin()
    {
        await using var site = await Site.StartAsync("Production", settings: ("Lifecycle:Web:DrainTime", "00:00:00"));
        var keys = await site.Services.GetRequiredService<ApiKeys>().ListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(401, (await site.GetAsync("/v1/admin/keys")).Status);
        Assert.Equal([Roles.Admin], Assert.Single(keys).Roles);
    }

    [Theory]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://192.168.1.4:5080", false)]
    public void Only_loopback_is_loopback(string address, bool loopback) =>
        Assert.Equal(loopback, DevKey.IsLoopback(address));
}
