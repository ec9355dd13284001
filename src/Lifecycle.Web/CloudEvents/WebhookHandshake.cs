using System.Globalization;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.CloudEvents;

/// <summary>
/// The validation handshake of the CloudEvents web hook specification 1.0: a sender asks whether it may deliver here.
/// It may, for each delivery needs a key.
/// </summary>
internal static class WebhookHandshake
{
    private const string RequestOrigin = "WebHook-Request-Origin";
    private const int OriginMax = 253;

    public static void MapWebhookHandshake(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/v1/events", ["OPTIONS"], Answer).WithTags("Events").Open()
            .Describe(
                "Agree to deliveries",
                "The handshake of the CloudEvents web hook specification: the origin that asks is allowed to deliver, "
                + "with a key. A callback address is not called: the answer is the agreement.",
                ProblemCodes.InvalidParameter)
            .Header(
                RequestOrigin, "The sender's name in DNS; it is answered as WebHook-Allowed-Origin.",
                new Shape.Text(OriginMax, "events.example.com"))
            .Header(
                "WebHook-Request-Rate", "Requests a minute that the sender would like to make.",
                new Shape.Integer(1, int.MaxValue, 120))
            .AnswersHeader(
                "Allow", "The methods that are taken here.", new Shape.OneOf(["POST, OPTIONS"]), always: false)
            .AnswersHeader(
                "WebHook-Allowed-Origin", "The origin that asked, when one did: it may deliver.",
                new Shape.Text(OriginMax, "events.example.com"), always: false)
            .AnswersHeader(
                "WebHook-Allowed-Rate", "Requests a minute that it may make.",
                new Shape.Integer(60, 60_000_000, 1_200_000), always: false);

    private static IResult Answer(HttpContext http, IOptions<WebOptions> options)
    {
        http.Response.Headers.Allow = "POST, OPTIONS";
        if (!http.Request.Headers.TryGetValue(RequestOrigin, out var values)) return Results.NoContent();
        if (values is not [{ Length: > 0 and <= OriginMax } origin] || origin.Any(c => c is <= ' ' or > '~'))
            throw ProblemException.Of(
                ProblemCodes.InvalidParameter, RequestOrigin, $"must be one name of 1 to {OriginMax} characters");
        http.Response.Headers["WebHook-Allowed-Origin"] = origin;
        http.Response.Headers["WebHook-Allowed-Rate"] =
            (options.Value.RequestsPerSecondMax * 60L).ToString(CultureInfo.InvariantCulture);
        return Results.NoContent();
    }
}
