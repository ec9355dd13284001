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
    public void Every_route_is_open_or_needs_a_role() => Assert.All(
        Endpoints(), e => Assert.True(
            e.Metadata.GetMetadata<RoleRequirement>(
                ) is not null || e.Metadata.GetMetadata<OpenToAll>() is not null, e.DisplayName));

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

    private IEnumerable<RouteEndpoint> Endpoints() =>
        _site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
}
