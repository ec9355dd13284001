using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Segment;

/// <summary>On an endpoint: clients of this kind look for <c>code</c> and <c>message</c> in a problem.</summary>
internal sealed record AnswersCodeAndMessage;

/// <summary>The routes of the Segment HTTP tracking API, and of RudderStack where it goes further.</summary>
internal static class SegmentEndpoints
{
    private const string Cors = "segment";
    private static readonly TimeSpan PreflightAge = TimeSpan.FromHours(1);

    private static readonly ProblemCode[] Problems =
    [
        ProblemCodes.MalformedJson, ProblemCodes.MalformedRequest, ProblemCodes.InvalidBody, ProblemCodes.BodyTooLarge,
        ProblemCodes.UnsupportedMediaType,
    ];

    public static void AddSegment(this IServiceCollection services)
    {
        services.AddSingleton<SegmentDoor>();
        services.AddSingleton<SegmentLinks>();
        services.AddCors(cors => cors.AddPolicy(
            Cors, policy => policy.AllowAnyOrigin().AllowAnyHeader().WithMethods("GET", "POST")
                .WithExposedHeaders("Retry-After").SetPreflightMaxAge(PreflightAge)));
    }

    public static void MapSegment(this IEndpointRouteBuilder routes)
    {
        foreach (var call in Enum.GetValues<SegmentCall>())
        {
            var name = call.ToString().ToLowerInvariant();
            routes.MapPost($"/v1/{name}", TakeOne(call)).Takes(call).Describe(name);
            routes.MapPost($"/v1/{name[0]}", TakeOne(call)).Takes(call).Describe(name);
            routes.MapPost($"/{name[0]}", TakeOne(call)).Takes(call).ExcludeFromDescription();
        }

        routes.MapPost("/v1/batch", TakeBatchAsync).TakesBatch().DescribeBatch();
        routes.MapPost("/v1/b", TakeBatchAsync).TakesBatch().DescribeBatch();
        foreach (var path in new[] { "/b", "/batch", "/beacon/v1/batch" })
            routes.MapPost(path, TakeBatchAsync).TakesBatch().ExcludeFromDescription();
        routes.MapSegmentSettings();
        foreach (var call in new[] { SegmentCall.Track, SegmentCall.Page })
            routes.MapGet($"/pixel/v1/{call.ToString().ToLowerInvariant()}", Pixel.Take(call)).OfSegment()
                .ExcludeFromDescription();
    }

    /// <summary>What every route here has in common.</summary>
    public static RouteHandlerBuilder OfSegment(this RouteHandlerBuilder route) =>
        route.WithTags("Segment").Require(Roles.Ingest, Roles.Track).RequireCors(Cors)
            .WithMetadata(new FindsItsKey(), new AnswersCodeAndMessage());

    private static Delegate TakeOne(SegmentCall call) =>
        async (SegmentDoor door, HttpContext http) => Answer(await door.TakeAsync(http, call));

    private static async Task<IResult> TakeBatchAsync(SegmentDoor door, HttpContext http) =>
        Answer(await door.TakeAsync(http, null));

    /// <summary>Exactly 200: some clients take any other success for a failure.</summary>
    private static IResult Answer(SegmentWire taken) => Results.Json(taken, WireJson.Wire.SegmentWire);

    private static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, SegmentCall call) =>
        route.OfSegment().Takes<SegmentMessageBody>(SegmentExamples.Of(call))
            .Fails(ProblemCodes.InvalidBody, "The body must be a JSON object. Nothing was taken.");

    private static RouteHandlerBuilder TakesBatch(this RouteHandlerBuilder route) =>
        route.OfSegment().Takes<SegmentBatchBody>(SegmentExamples.Batch)
            .Fails(ProblemCodes.InvalidBody, "/batch must be an array of messages.", "/batch");

    private static void Describe(this RouteHandlerBuilder route, string name) => route.Describe<SegmentWire>(
        $"Segment: {name}",
        $"A call of {name} as Segment and RudderStack clients send it: JSON whatever the Content-Type, plain or gzip. The "
        + "write key is an API key: the user of Basic authentication, a Bearer token, writeKey in the body or in the "
        + "query. What cannot be understood goes to quarantine and is listed; the answer is 200 all the same.",
        SegmentExamples.Taken, Problems);

    private static void DescribeBatch(this RouteHandlerBuilder route) => route.Describe<SegmentWire>(
        "Segment: batch",
        "Any number of calls in one request, each with its type; context is merged into each. One bad message never "
        + "spoils the others. Sending the same again does no harm where messages have a messageId.",
        SegmentExamples.Rejected, Problems);
}
