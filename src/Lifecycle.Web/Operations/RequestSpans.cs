using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Operations;

/// <summary>
/// What a request's span says of it, which the framework leaves empty: the route, and not the path, which has the ids of
/// customers. Those who ask for health and metrics every second are left out.
/// </summary>
internal static class RequestSpans
{
    public const string Source = "Microsoft.AspNetCore";

    /// <summary>Before everything else, so that it sees the status that is answered; nothing where nobody gets traces.</summary>
    public static void UseRequestSpans(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<Telemetry>().HasTraces) return;
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            finally
            {
                if (http.Features.Get<IHttpActivityFeature>()?.Activity is { Recorded: true } span) Describe(span, http);
            }
        });
    }

    // Names of OpenTelemetry's conventions for HTTP.
    private static void Describe(Activity span, HttpContext http)
    {
        var method = http.Request.Method;
        var status = http.Response.StatusCode;
        span.DisplayName = method;
        span.SetTag("http.request.method", method).SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError) span.SetStatus(ActivityStatusCode.Error);
        if ((http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is not { } route) return;
        span.DisplayName = $"{method} {route}";
        span.SetTag("http.route", route);
        if (route is "/health/live" or "/health/ready" or "/metrics")
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
