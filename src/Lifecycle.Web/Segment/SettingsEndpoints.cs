using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Segment;

/// <summary>What browser clients ask for before they send.</summary>
internal static class SettingsEndpoints
{
    private const int KeyMax = 128;

    public static void MapSegmentSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/projects/{key}/settings", Settings).OfSegment().Describe<SegmentSettingsWire>(
            "Segment: settings of a source",
            "What a browser client asks for before it sends: where to send, and that nothing is blocked.",
            SegmentExamples.Settings)
            .Path("key", "The write key: an API key with the role track or ingest.", new Shape.Text(KeyMax, "dev"));
        routes.MapGet("/projects/{key}/settings", Settings).OfSegment().ExcludeFromDescription();
        routes.MapGet("/sourceConfig", SourceConfig).OfSegment().ExcludeFromDescription();
        routes.MapGet("/cluster-info", () => Results.Json(new RudderClusterWire(1), WireJson.Wire.RudderClusterWire))
            .Open().ExcludeFromDescription();
    }

    private static IResult Settings(string key, SegmentDoor door, HttpContext http)
    {
        door.Admit(http, key);
        var host = $"{http.Request.Host.Value}{http.Request.PathBase}/v1";
        var settings = new SegmentSettingsWire
        {
            Integrations = new Dictionary<string, SegmentIntegration>
            {
                ["Segment.io"] = new(key, host, http.Request.Scheme),
            },
        };
        return Results.Json(settings, WireJson.Wire.SegmentSettingsWire);
    }

    private static IResult SourceConfig(SegmentDoor door, HttpContext http)
    {
        door.Admit(http, null);
        var key = SegmentKey.Of(http.Request);
        var source = new RudderSource(
            http.Features.Get<Caller>()!.KeyId, key.Basic ?? key.Query ?? key.Bearer ?? "");
        return Results.Json(new RudderSourceWire(source), WireJson.Wire.RudderSourceWire);
    }
}
