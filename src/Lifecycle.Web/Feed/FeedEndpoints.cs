using Lifecycle.Engine.Feed;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Feed;

internal static class FeedEndpoints
{
    private const int LimitDefault = 100;
    private const int CursorMax = 200;
    private const string Now = "now";

    private const string Entry =
        """
        {"cursor":"AZqMZ3c7R0uXm2hT1dYyq9AAAAAAAAAAAQ","position":1,"customer":"c-1","entry":{"seq":1,
        "type":"order.placed","source":"shop","id":"e-1","occurred_at":"2026-11-20T09:30:00Z",
        "recorded_at":"2026-11-20T09:30:01.5Z","at":"2026-11-20T09:30:01.5Z","historical":false,"program_version":1,
        "data":{"order_id":"o-1","currency":"EUR","amount_minor":12900},
        "effects":[{"kind":"stage_changed","from":"","to":"New","role":"growth","reason":"customer.orders >= 1"}],
        "after":{"available":0,"pending":129,"held":0,"stage":"New","next_change_at":"2026-12-04T09:30:00Z"}}}
        """;

    private const string Example = $$"""{"entries":[{{Entry}}],"next":"AZqMZ3c7R0uXm2hT1dYyq9AAAAAAAAAAAQ"}""";

    private const string StreamExample =
        "retry: 2000\n\nid: AZqMZ3c7R0uXm2hT1dYyq9AAAAAAAAAAAQ\ndata: {\"cursor\":\"AZqMZ3c7R0uXm2hT1dYyq9AAAAAAAAAAAQ\"," +
        "\"position\":1,\"customer\":\"c-1\",\"entry\":{\"seq\":1,\"type\":\"order.placed\"}}\n\n: nothing new\n\n";

    public static void MapFeed(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/feed", ReadAsync).WithTags("Population").Require(Roles.Analyst, Roles.Admin)
            .Describe<FeedWire>(
                "Read the feed",
                "Every entry of every customer, once, in the order they were committed. Keep next and send it as after; "
                + "with Accept: text/event-stream the same as a live stream of server-sent events.",
                Example, ProblemCodes.InvalidParameter, ProblemCodes.CursorMalformed,
                ProblemCodes.CursorOfAnotherEpoch)
            .Answers<string>(
                StatusCodes.Status200OK, "Entries as they are committed.", StreamExample, FeedStream.MediaType)
            .AnswersUnstored(always: false)
            .Query(
                "after", "A next or a cursor of an answer before; the beginning by default; now for what comes next.",
                new Shape.Text(CursorMax, "AZqMZ3c7R0uXm2hT1dYyq9AAAAAAAAAAAQ"))
            .Query("limit", "How many. Not for a stream.", new Shape.Integer(1, JournalFeed.LimitMax, LimitDefault))
            .Query(
                "wait", "Seconds to wait for an entry when there is none. Not for a stream.",
                new Shape.Integer(0, (long)JournalFeed.WaitMax.TotalSeconds, 0))
            .Header(
                "Last-Event-ID", "For a stream: the id of the last event; it goes before after.",
                new Shape.Text(CursorMax, "AZqMZ3c7R0uXm2hT1dYyq9AAAAAAAAAAAQ"))
            .Fails(
                ProblemCodes.CursorMalformed,
                "The cursor is not one that the feed gave. Send it as it was, or none to begin anew.")
            .Fails(
                ProblemCodes.CursorOfAnotherEpoch,
                "The cursor is of another history: the journal was restored since. Read from the beginning.");

    private static async Task<IResult> ReadAsync(
        JournalFeed feed, StreamRoom room, TimeProvider time, ILogger<FeedStream> logger, Drain drain,
        HttpContext http)
    {
        Query.KnowsOnly(http.Request, "after", "limit", "wait");
        var limit = (int)(Query.Number(http.Request, "limit", 1, JournalFeed.LimitMax) ?? LimitDefault);
        var wait = Query.Number(http.Request, "wait", 0, (long)JournalFeed.WaitMax.TotalSeconds) ?? 0;
        var after = Query.Text(http.Request, "after", CursorMax);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Over);
        var isStream = http.Request.Headers.Accept.Any(
            a => a?.Contains(FeedStream.MediaType, StringComparison.OrdinalIgnoreCase) == true);
        if (isStream && http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last]) after = last;
        if (after == Now) after = await feed.ReadEndAsync(http.RequestAborted);
        using var place = isStream || wait > 0 ? room.TakeFeed() : null;
        if (isStream)
        {
            await new FeedStream(feed, time, logger).WriteAsync(http.Response, after, ends.Token);
            return Results.Empty;
        }

        var page = await PollAsync(feed, after, limit, TimeSpan.FromSeconds(wait), ends.Token, http.RequestAborted);
        return Results.Json(FeedWire.Of(page), WireJson.Wire.FeedWire);
    }

    private static async Task<FeedPage> PollAsync(
        JournalFeed feed, string? after, int limit, TimeSpan wait, CancellationToken ends, CancellationToken left)
    {
        try
        {
            return await feed.ReadAsync(after, limit, wait, ends);
        }
        catch (OperationCanceledException) when (!left.IsCancellationRequested)
        {
            // The drain is over: what there is by now is the answer, and the next poll meets another process.
            return await feed.ReadAsync(after, limit, TimeSpan.Zero, left);
        }
    }
}
