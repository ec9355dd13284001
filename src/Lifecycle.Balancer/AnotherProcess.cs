using System.Text.Json;
using Yarp.ReverseProxy.Forwarder;

namespace Lifecycle.Balancer;

/// <summary>
/// Sends a request to another process when no connection to the first could be made. Nothing else is sent again: what a
/// process may have taken is for the client to repeat, whose inputs have ids.
/// </summary>
internal sealed class AnotherProcess(RequestDelegate next)
{
    private const string Unreachable = "No process can be reached now.";

    private const string Lost =
        "The process that had the request was lost, and nobody knows whether it was taken. Send it again: what was " +
        "taken gets the first answer.";

    public async Task InvokeAsync(HttpContext http)
    {
        var proxied = http.GetReverseProxyFeature();
        var untried = proxied.AvailableDestinations.ToList();
        while (true)
        {
            await next(http);
            if (http.GetForwarderErrorFeature() is not { } error || http.Response.HasStarted) return;
            var unreached = LostProcesses.IsUnreached(error) || error.Error == ForwarderError.NoAvailableDestinations;
            untried.RemoveAll(process => process == proxied.ProxiedDestination);
            if (!unreached || untried.Count == 0)
            {
                // What the client itself broke off or sent wrong has its status already.
                if (http.Response.StatusCode >= 500) await AnswerAsync(http, unreached ? Unreachable : Lost);
                return;
            }

            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Features.Set<IForwarderErrorFeature>(null);
            proxied.AvailableDestinations = untried.ToList();
        }
    }

    private static async Task AnswerAsync(HttpContext http, string detail)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/problem+json";
        http.Response.Headers.RetryAfter = "1";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type", "/problems/unavailable");
        json.WriteString("title", "The answer cannot be had now");
        json.WriteNumber("status", http.Response.StatusCode);
        json.WriteString("detail", detail);
        json.WriteEndObject();
    }
}
