using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Access;
using Lifecycle.Web.CloudEvents;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Points;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Events;

internal static class EventEndpoints
{
    internal const string OneEvent =
        """
        {"id":"e-1","source":"shop","type":"order.placed","customer":"c-1","occurred_at":"2026-11-20T09:30:00Z",
        "data":{"order_id":"o-1","currency":"EUR","amount_minor":12900,
        "items":[{"sku":"A","category":"tea","quantity":2,"amount_minor":12900}],"channel":"web"}}
        """;

    private const string Lines =
        """
        {"id":"e-2","type":"visit","customer":"c-1","occurred_at":"2026-11-20T09:31:00Z"}
        {"id":"e-3","type":"product.viewed","customer":"c-1","data":{"sku":"A","dwell_seconds":12.5}}

        """;

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/events", TakeAsync).WithTags("Events").Require(Roles.Ingest)
            .Describe<EventsWire>(
                "Send events",
                "One event, an array of events, or events one a line (NDJSON). Sending the same again does no harm: an "
                + "event is known by customer, source and id, for ever. What cannot be understood goes to quarantine "
                + "and never spoils the others; a body that is not JSON is taken not at all. CloudEvents 1.0 are taken "
                + "too: structured, batched, or binary with headers ce-….",
                """
                {"accepted":1,"duplicates":0,"quarantined":1,"results":[{"index":1,"id":"e-2","customer":"c-1",
                "status":"quarantined","problem":{"type":"/problems/unknown_currency",
                "detail":"/data/currency must be a code of ISO 4217 in capitals, such as EUR.",
                "errors":{"/data/currency":"must be a code of ISO 4217 in capitals, such as EUR"}}}]}
                """,
                ProblemCodes.MalformedJson, ProblemCodes.InvalidParameter, ProblemCodes.BodyTooLarge,
                ProblemCodes.TooManyEvents, ProblemCodes.UnsupportedMediaType)
            .Takes<EventBody>(OneEvent)
            .Takes<IReadOnlyList<EventBody>>($"[{OneEvent}]")
            .Takes<EventBody>(Lines, "application/x-ndjson")
            .Takes<CloudEventBody>(CloudEventExamples.One, "application/cloudevents+json")
            .Takes<IReadOnlyList<CloudEventBody>>($"[{CloudEventExamples.One}]", "application/cloudevents-batch+json")
            .Query(
                "results", "Which results to answer: problems, all (with receipts) or none.",
                new Shape.OneOf(["problems", "all", "none"], "problems"))
            .Query("historical", "true decides each event at its own time, for a back-fill.", new Shape.Flag())
            .Query(
                KeyInQuery.Parameter, "The key, for senders of web hooks that can set no header.",
                new Shape.Text(100, "lk_4f1c09ab77de_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"))
            .WithMetadata(new KeyInQuery());
        routes.MapWebhookHandshake();
    }

    private static async Task<IResult> TakeAsync(EventIntake intake, HttpContext http, IOptions<WebOptions> options)
    {
        var wanted = Query.OneOf(http.Request, "results", "problems", "problems", "all", "none");
        var historical = Query.Flag(http.Request, "historical");
        var mode = CloudEventModes.Of(http.Request);
        using var body = await Body.InflateAsync(http.Request, options.Value);
        var bytes = mode == CloudEventMode.Binary ? BinaryCloudEvent.ToStructured(http.Request, body.Bytes) : body.Bytes;
        var format = mode == CloudEventMode.None ? EventFormats.Event : EventFormats.CloudEvent;
        var events = intake.Read(bytes, format, new(historical));
        await intake.TakeAsync(events, http.RequestAborted);
        return Results.Json(ToWire(events, wanted), WireJson.Wire.EventsWire);
    }

    private static EventsWire ToWire(EventOutcome[] outcomes, string wanted)
    {
        var (accepted, duplicates, quarantined) = (0, 0, 0);
        var results = new List<EventResultWire>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            var problem = outcomes[i].Problem;
            if (problem is not null) quarantined++;
            else if (outcomes[i].Accepted!.Replayed) duplicates++;
            else accepted++;
            if (wanted == "all" || (wanted == "problems" && problem is not null)) results.Add(ToWire(outcomes[i], i));
        }

        return new(accepted, duplicates, quarantined, results);
    }

    internal static EventResultWire ToWire(EventOutcome outcome, int index)
    {
        var read = outcome.Read;
        if (outcome.Problem is { } problem)
        {
            return new(index, read.Id, read.Customer, "quarantined")
            {
                Problem = new($"/problems/{problem.Reason}", problem.Detail, problem.Errors),
            };
        }

        var accepted = outcome.Accepted!;
        var status = accepted.Replayed ? "duplicate" : "accepted";
        return new(index, read.Id, accepted.Receipt.Customer ?? read.Customer, status)
        {
            Receipt = ReceiptWire.Of(read.Customer!, accepted.Replayed ? "duplicate" : "applied", accepted.Receipt),
        };
    }
}
