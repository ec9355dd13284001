using Lifecycle.Engine;
using Lifecycle.Web.Documentation;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Operations;

/// <summary>Whether this process can do its work.</summary>
/// <param name="Status"><c>ready</c> or <c>not_ready</c>; of <c>/health/live</c> always <c>live</c>.</param>
/// <param name="Problems">For an operator: what is in the way.</param>
public sealed record HealthWire(
    [property: ClosedSet("live", "ready", "not_ready")] string Status, IReadOnlyList<string> Problems);

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operations").Open();
        health.MapGet("live", Live)
            .Describe<HealthWire>(
                "Is the process alive", "200 as long as it answers at all.", """{"status":"live","problems":[]}""");
        health.MapGet("ready", (IReadiness readiness, Drain drain) => Ready(ProblemsOf(readiness, drain)))
            .Describe<HealthWire>(
                "Can the process do its work", "200 when it can; 503 with the reasons when it cannot.",
                """{"status":"ready","problems":[]}""")
            .Answers<HealthWire>(
                StatusCodes.Status503ServiceUnavailable, "It cannot, and why.",
                """{"status":"not_ready","problems":["The contact with the journal's lock is lost."]}""");
        // Many monitors ask with HEAD: the same status and headers, and the web server leaves out the body.
        health.MapMethods("live", [HttpMethods.Head], Live).ExcludeFromDescription();
        health.MapMethods(
                "ready", [HttpMethods.Head], (IReadiness readiness, Drain drain) => Ready(ProblemsOf(readiness, drain)))
            .ExcludeFromDescription();
    }

    internal static IReadOnlyList<string> ProblemsOf(IReadiness readiness, Drain drain) =>
        drain.IsUnderWay ? ["The process is stopping.", .. readiness.Problems] : readiness.Problems;

    private static IResult Live() => Results.Json(new HealthWire("live", []), WireJson.Wire.HealthWire);

    private static IResult Ready(IReadOnlyList<string> problems) => Results.Json(
        new HealthWire(problems.Count == 0 ? "ready" : "not_ready", problems), WireJson.Wire.HealthWire,
        statusCode: problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
