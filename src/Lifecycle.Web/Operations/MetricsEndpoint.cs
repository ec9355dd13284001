using Lifecycle.Web.Access;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Operations;

internal static class MetricsEndpoint
{
    private const string Off = "The variable OTEL_SDK_DISABLED is true: there are no metrics.";

    /// <remarks>
    /// They name hosts and routes and say how much is sold, so they are no more open than a report. A key that may read
    /// them and nothing else can lie in the configuration of whatever scrapes.
    /// </remarks>
    public static void MapMetrics(this WebApplication app)
    {
        var telemetry = app.Services.GetRequiredService<Telemetry>();
        var isOpen = app.Services.GetRequiredService<IOptions<WebOptions>>().Value.MetricsOpen;
        var scrape = ((IApplicationBuilder)app).New()
            .UseOpenTelemetryPrometheusScrapingEndpoint(telemetry.Metrics, _ => true, null, null, null)
            .Build();
        var route = app.MapGet("/metrics", (Delegate)ScrapeAsync).WithTags("Operations");
        if (isOpen) route.Open();
        else route.Require(Roles.Monitor, Roles.Admin).WithMetadata(new DoesNotWait());
        route.DescribeStream(
                "Read the metrics",
                "What this process does and how it fares, in the text format of Prometheus; docs/operations.md has the "
                + "table. Asked for it, as OpenMetrics.",
                ProblemCodes.NotFound)
            .Answers<string>(
                StatusCodes.Status200OK, "Every metric with its labels.",
                """
                # TYPE lifecycle_ready gauge
                # HELP lifecycle_ready 1 while the process can do its work, else 0.
                lifecycle_ready{} 1

                """,
                "text/plain")
            .Answers<string>(
                StatusCodes.Status200OK, "The same as OpenMetrics.",
                """
                # TYPE lifecycle_ready gauge
                # HELP lifecycle_ready 1 while the process can do its work, else 0.
                lifecycle_ready{} 1
                # EOF

                """,
                "application/openmetrics-text")
            .AnswersHeader(
                "Vary", "Accept-Encoding: it comes compressed to whoever takes that.",
                new Shape.OneOf(["Accept-Encoding"]))
            .Fails(ProblemCodes.NotFound, Off);

        async Task<IResult> ScrapeAsync(HttpContext http)
        {
            if (telemetry.IsOff) return ProblemWriter.Result(ProblemCodes.NotFound, Off);
            await scrape(http);
            return Results.Empty;
        }
    }
}
