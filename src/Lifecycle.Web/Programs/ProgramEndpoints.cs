using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Programs;

/// <summary>The programs.</summary>
/// <param name="Active">The version that inputs are decided under now; null before the first takes effect.</param>
/// <param name="Document">Its YAML.</param>
/// <param name="Programs">Every stored version, newest first.</param>
public sealed record ProgramsWire(int? Active, string? Document, IReadOnlyList<ProgramWire> Programs);

/// <summary>A stored version.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="EffectiveAt">From when inputs are decided under it; null for since ever.</param>
public sealed record ProgramWire(int Version, DateTime? EffectiveAt);

internal static class ProgramEndpoints
{
    private const string Example =
        """
        {"active":1,"document":"program: retail-default\ncurrency: EUR\n","programs":[{"version":1,
        "effective_at":"2026-11-01T00:00:00Z"}]}
        """;

    public static void MapPrograms(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/programs", ReadAsync).WithTags("Programs").Require(Roles.Admin, Roles.Agent, Roles.Analyst)
            .Describe<ProgramsWire>(
                "Read the programs", "The document that inputs are decided under now, and every stored version.",
                Example);

    private static async Task<IResult> ReadAsync(IStore store, TimeProvider time, HttpContext http)
    {
        var now = Instant.From(time.GetUtcNow());
        var programs = await store.Registry.ReadProgramsAsync(http.RequestAborted);
        var active = programs.LastOrDefault(p => p.EffectiveAt <= now);
        var body = new ProgramsWire(
            active?.Version, active?.Document,
            [.. programs.Reverse().Select(p => new ProgramWire(p.Version, p.EffectiveAt.ToWire()))]);
        return Results.Json(body, WireJson.Wire.ProgramsWire);
    }
}
