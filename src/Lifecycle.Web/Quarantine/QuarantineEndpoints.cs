using System.Globalization;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Access;
using Lifecycle.Web.CloudEvents;
using Lifecycle.Web.Events;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Quarantine;

internal static partial class QuarantineEndpoints
{
    /// <summary>Rows of each list of sums.</summary>
    private const int SumsMax = 1_000;

    public static void MapQuarantine(this IEndpointRouteBuilder routes)
    {
        var quarantine = routes.MapGroup("/v1/quarantine").WithTags("Quarantine");
        quarantine.MapGet("", ReadAsync).Require(Roles.Admin, Roles.Analyst)
            .Describe<QuarantineWire>(
                "Read the quarantine",
                "Events that could not be taken, with the reason, and how many by source, reason and day.",
                QuarantineExamples.List, ProblemCodes.InvalidParameter)
            .QueriesQuarantine().QueriesPage()
            .Query(
                "state", "Those that wait, those that are resolved, or all.",
                new Shape.OneOf(["waiting", "resolved", "all"], "waiting"));
        quarantine.MapGet("{id}", ReadOneAsync).Require(Roles.Admin, Roles.Privacy)
            .Describe<QuarantinedEventWire>(
                "Read a quarantined event",
                "With its body as it was sent: personal data, so the reading is logged.",
                QuarantineExamples.One, ProblemCodes.NotFound, ProblemCodes.QuarantineUnreadable)
            .AnswersUnstored()
            .Path("id", "The item's number.", new Shape.Integer(1, long.MaxValue));
        quarantine.MapPost("{id}/replay", ReplayAsync).Require(Roles.Admin)
            .Describe<QuarantineReplayWire>(
                "Replay a quarantined event",
                "Takes the event in once more: as it was sent without a body, or corrected with the event as the body "
                + "(of ours, or a CloudEvent by its content type). When it is taken the item is resolved; when not, it "
                + "waits with the reason of now. Doing it twice does no harm.",
                QuarantineExamples.Replay, ProblemCodes.MalformedJson, ProblemCodes.InvalidBody,
                ProblemCodes.InvalidParameter, ProblemCodes.NotFound, ProblemCodes.AlreadyResolved,
                ProblemCodes.QuarantineUnreadable, ProblemCodes.BodyTooLarge, ProblemCodes.TooManyEvents,
                ProblemCodes.UnsupportedMediaType)
            .Path("id", "The item's number.", new Shape.Integer(1, long.MaxValue))
            .Fails(ProblemCodes.InvalidBody, "A correction is one event.")
            .Takes<EventBody>(EventEndpoints.OneEvent, required: false)
            .Takes<CloudEventBody>(CloudEventExamples.One, "application/cloudevents+json", required: false);
        quarantine.MapPost("{id}/discard", DiscardAsync).Require(Roles.Admin)
            .Describe<QuarantinedWire>(
                "Discard a quarantined event",
                "It will not be taken. It is kept with who decided so, and why. Doing it twice does no harm.",
                QuarantineExamples.Discarded, ProblemCodes.MalformedJson, ProblemCodes.InvalidBody,
                ProblemCodes.ReasonRequired, ProblemCodes.NotFound, ProblemCodes.AlreadyResolved,
                ProblemCodes.BodyTooLarge, ProblemCodes.UnsupportedMediaType)
            .Path("id", "The item's number.", new Shape.Integer(1, long.MaxValue))
            .Takes<DiscardBody>(QuarantineExamples.Reason);
        quarantine.MapMany();
    }

    private static RouteHandlerBuilder QueriesQuarantine(this RouteHandlerBuilder route) => route
        .Query(
            "source", "Only from this source; empty for those whose source could not be read.",
            new Shape.Text(InputLimits.IdMax, "shop"))
        .Query("reason", "Only for this reason.", new Shape.Text(InputLimits.IdMax, "missing_customer"))
        .Query(
            "day", "Only those that first came on this day of UTC, such as 2026-11-20.",
            new Shape.Text(10, "2026-11-20"));

    private static async Task<IResult> ReadAsync(IStore store, HttpContext http)
    {
        var limit = Query.Limit(http.Request);
        var after = Query.Cursor(http.Request)?.First ?? 0;
        var state = Query.OneOf(http.Request, "state", "waiting", "waiting", "resolved", "all");
        var filter = FilterOf(http.Request, state == "all" ? null : state == "waiting");
        var sums = await store.Quarantine.SumAsync(filter, SumsMax, http.RequestAborted);
        var items = await store.Quarantine.ReadAsync(filter, after, limit, http.RequestAborted);
        var body = new QuarantineWire(
            new(sums.Items, sums.Times),
            [.. sums.Counts.Select(c => new QuarantineCountWire(c.Source, c.Reason, c.Items, c.Times))],
            [.. sums.Days.Select(d => new QuarantineDayWire(
                DateOnly.FromDateTime(d.Day.ToDateTimeOffset().UtcDateTime), d.Items, d.Times))],
            [.. items.Select(QuarantinedWire.Of)],
            items.Count == limit ? Query.Cursor(items[^1].Id) : null);
        return Results.Json(body, WireJson.Wire.QuarantineWire);
    }

    private static async Task<IResult> ReadOneAsync(
        string id, IStore store, QuarantineIntake quarantine, HttpContext http, ILogger<QuarantineReplay> logger)
    {
        var item = await FindAsync(store, id, http.RequestAborted);
        WebLog.QuarantinedBodyRead(logger, CallerOf(http), item.Id);
        if (quarantine.Open(item) is not { } body)
            throw new ProblemException(
                ProblemCodes.QuarantineUnreadable, "The secret of this installation does not open it.");
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(QuarantinedEventWire.Of(item, body), WireJson.Wire.QuarantinedEventWire);
    }

    private static async Task<IResult> ReplayAsync(
        string id, IStore store, QuarantineReplay replay, HttpContext http, IOptions<WebOptions> options)
    {
        var item = await FindAsync(store, id, http.RequestAborted);
        if (WasBefore(item, QuarantineResolutions.Replayed)) return Replayed(item, null);
        var mode = CloudEventModes.Of(http.Request);
        using var body = await Body.ReadAsync(http.Request, options.Value.EventBytesMax);
        EventOutcome? correction = null;
        if (mode == CloudEventMode.Binary)
            correction = replay.Read(
                BinaryCloudEvent.ToStructured(http.Request, body.Bytes), EventFormats.CloudEvent, item);
        else if (body.Bytes.Length > 0)
            correction = replay.Read(
                body.Bytes, mode == CloudEventMode.None ? EventFormats.Event : EventFormats.CloudEvent, item);
        var outcome = await replay.ReplayAsync(item, correction, CallerOf(http), http.RequestAborted);
        var after = await FindAsync(store, id, http.RequestAborted);
        return Replayed(after, EventEndpoints.ToWire(outcome, 0));
    }

    private static async Task<IResult> DiscardAsync(
        string id, IStore store, TimeProvider time, HttpContext http, IOptions<WebOptions> options)
    {
        var resolution = await DiscardOfAsync(http, time, options.Value);
        var item = await FindAsync(store, id, http.RequestAborted);
        if (!WasBefore(item, QuarantineResolutions.Discarded))
        {
            await store.Quarantine.SettleAsync([item.Id], resolution, [], http.RequestAborted);
            item = await FindAsync(store, id, http.RequestAborted);
            // Another request may have been between the two.
            WasBefore(item, QuarantineResolutions.Discarded);
        }

        return Results.Json(QuarantinedWire.Of(item), WireJson.Wire.QuarantinedWire);
    }

    private static IResult Replayed(QuarantinedItem item, EventResultWire? result) => Results.Json(
        new QuarantineReplayWire(QuarantinedWire.Of(item), result), WireJson.Wire.QuarantineReplayWire);

    /// <summary>Whether the same was done before: doing it twice is success.</summary>
    /// <exception cref="ProblemException">The opposite was done.</exception>
    private static bool WasBefore(QuarantinedItem item, string how)
    {
        if (item.Resolution is not { } resolution) return false;
        if (resolution.How == how) return true;
        throw new ProblemException(
            ProblemCodes.AlreadyResolved,
            $"It was {resolution.How} at {resolution.At} by the key {resolution.By}. "
            + "What it holds can be read and sent as an event of its own.");
    }

    private static async Task<QuarantineResolution> DiscardOfAsync(
        HttpContext http, TimeProvider time, WebOptions options)
    {
        using var body = await Body.ReadAsync(http.Request, options.CommandBytesMax);
        using var fields = BodyFields.Parse(body.Bytes, "reason", "note");
        var reason = fields.Text("reason", InputLimits.IdMax);
        var note = fields.Text("note", InputLimits.NoteMax, lines: true);
        fields.ThrowIfWrong();
        if (string.IsNullOrWhiteSpace(reason))
            throw ProblemException.Of(
                ProblemCodes.ReasonRequired, "/reason", "is missing: it says why the event will not be taken");
        return new(QuarantineResolutions.Discarded, Instant.From(time.GetUtcNow()), CallerOf(http), reason, note);
    }

    private static async Task<QuarantinedItem> FindAsync(IStore store, string id, CancellationToken cancel) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && await store.Quarantine.FindAsync(number, cancel) is { } item
            ? item
            : throw new ProblemException(ProblemCodes.NotFound, "There is no such quarantined event.");

    private static QuarantineFilter FilterOf(HttpRequest request, bool? waits)
    {
        var source = request.Query.TryGetValue("source", out var sources) ? sources[0] : null;
        var reason = request.Query.TryGetValue("reason", out var reasons) ? reasons[0] : null;
        Instant? day = null;
        if (request.Query.TryGetValue("day", out var days))
        {
            if (!DateOnly.TryParseExact(
                days[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                throw ProblemException.Of(
                    ProblemCodes.InvalidParameter, "day", "must be a day such as 2026-11-20");
            day = Instant.From(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero));
        }

        return new(source, reason, day, waits);
    }

    private static string CallerOf(HttpContext http) => http.Features.Get<Caller>()!.KeyId;
}
