using System.Text.Json;
using Lifecycle.Domain.Entries;
using Lifecycle.Web.Access;
using Lifecycle.Web.Entries;
using Lifecycle.Web.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests;

public sealed class OpenApiTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task Every_route_is_described_with_its_problems_and_an_example()
    {
        var document = (await _site.GetAsync("/openapi/v1.json")).Json;
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => (Name: $"{o.Name.ToUpperInvariant()} {path.Name}", o.Value)))
            .ToDictionary(o => o.Name, o => o.Value);

        Assert.Equal(Routes().Order(), described.Keys.Order());
        foreach (var (name, operation) in described)
        {
            Assert.True(operation.TryGetProperty("summary", out _), name);
            Assert.True(operation.TryGetProperty("description", out _), name);
            var responses = operation.GetProperty("responses");
            Assert.True(responses.GetProperty("500").GetProperty("content").TryGetProperty("application/problem+json",
                out _), name);
            if (name.Contains("/v1/", StringComparison.Ordinal)) Assert.True(responses.TryGetProperty("401", out _),
                name);
            if (responses.TryGetProperty("200", out var ok))
                Assert.All(
                    ok.GetProperty("content").EnumerateObject(),
                    media => Assert.True(media.Value.TryGetProperty("example", out _), name));
            if (name.StartsWith("POST", StringComparison.Ordinal) && !WithoutBody.Contains(name))
                Assert.True(operation.TryGetProperty("requestBody", out _), name);
        }
    }

    [Fact]
    public void Every_route_is_open_or_needs_a_role() => Assert.All(
        Endpoints(), e => Assert.True(
            e.Metadata.GetMetadata<RoleRequirement>(
                ) is not null || e.Metadata.GetMetadata<OpenToAll>() is not null, e.DisplayName));

    [Fact]
    public async Task The_examples_of_answers_have_the_members_that_answers_have()
    {
        await _site.OrderAsync("c-example", "e");
        var document = (await _site.GetAsync("/openapi/v1.json")).Json;
        foreach (var (route, path) in new[]
        {
            ("/v1/customers/{id}", "/v1/customers/c-example"),
            ("/v1/customers/{id}/status", "/v1/customers/c-example/status"),
            ("/v1/customers/{id}/entries", "/v1/customers/c-example/entries"),
            ("/v1/customers/{id}/points/ledger", "/v1/customers/c-example/points/ledger"),
            ("/v1/customers/{id}/explain", "/v1/customers/c-example/explain?field=points.pending"),
        })
        {
            var example = document.GetProperty("paths").GetProperty(route).GetProperty("get").GetProperty("responses")
                .GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("example");
            Assert.Equal(Names(example), Names((await _site.GetAsync(path)).Json));
        }
    }

    [Fact]
    public async Task The_page_of_documentation_comes_from_this_server_alone()
    {
        var page = await _site.GetAsync("/docs/index.html");

        Assert.Equal(200, page.Status);
        Assert.DoesNotContain("https://", page.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await _site.GetAsync("/")).Status);
    }

    [Fact]
    public void Every_effect_has_a_wire_form_and_a_row_in_the_documentation()
    {
        var docs = ApiDocs.Read();
        var kinds = typeof(EffectWire).GetCustomAttributes(typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute), false)
            .Cast<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().ToList();

        Assert.Equal(
            typeof(Effect).GetNestedTypes().Select(t => $"{t.Name}Wire").Order(),
                kinds.Select(k => k.DerivedType.Name).Order());
        foreach (var kind in kinds)
        {
            var fields = kind.DerivedType.GetProperties().Where(p => p.DeclaringType == kind.DerivedType
                && p.Name != "EqualityContract")
                .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));
            Assert.Contains(
                $"| `{kind.TypeDiscriminator}` | `{string.Join("`, `", fields)}` |", docs, StringComparison.Ordinal);
        }
    }

    private static readonly string[] WithoutBody = ["POST /v1/admin/clock/confirm", "POST /v1/admin/verify"];

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(p => p.Name);

    private IEnumerable<RouteEndpoint> Endpoints() =>
        _site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private IEnumerable<string> Routes() =>
        from endpoint in Endpoints()
        let path = endpoint.RoutePattern.RawText!
        where path.StartsWith("/v1", StringComparison.Ordinal) || path.StartsWith("/health", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        select $"{method} {path.TrimEnd('/')}";
}
