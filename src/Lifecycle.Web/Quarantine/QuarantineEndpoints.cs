using Lifecycle.Engine.Store;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Quarantine;

/// <summary>What waits in quarantine: how much by source and reason, and a page of it, oldest first.</summary>
/// <param name="Counts">How much by source and reason.</param>
/// <param name="Items">A page of what waits, oldest first.</param>
public sealed record QuarantineWire(
    IReadOnlyList<QuarantineCountWire> Counts, IReadOnlyList<QuarantinedWire> Items, string? NextCursor);

/// <summary>How much of one source waits for one reason.</summary>
/// <param name="Source">The source; empty where it could not be read.</param>
/// <param name="Reason">A stable name, in the table of docs/api.md.</param>
/// <param name="Items">Different bodies.</param>
/// <param name="Times">How often they came in all.</param>
public sealed record QuarantineCountWire(string Source, string Reason, long Items, long Times);

/// <summary>One event that could not be taken. Its body is sealed and not shown here.</summary>
/// <param name="Id">Its number in quarantine.</param>
/// <param name="Source">The source; empty where it could not be read.</param>
/// <param name="Reason">A stable name, in the table of docs/api.md.</param>
/// <param name="ReceivedAt">When it came first.</param>
public sealed record QuarantinedWire(
    long Id, string Source, string Reason, string Detail, long Times, DateTime? ReceivedAt);

internal static class QuarantineEndpoints
{
    private const string Example =
        """
        {"counts":[{"source":"shop","reason":"missing_customer","items":1,"times":3}],"items":[{"id":1,"source":"shop",
        "reason":"missing_customer","detail":"/customer is missing: an event belongs to a customer.","times":3,
        "received_at":"2026-11-20T09:30:00Z"}],"next_cursor":null}
        """;

    public static void MapQuarantine(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/quarantine", ReadAsync).WithTags("Quarantine").Require(Roles.Admin, Roles.Analyst)
            .Describe<QuarantineWire>(
                "Read the quarantine",
                "Events that could not be taken, with the reason, and how many by source and reason.",
                Example, ProblemCodes.InvalidParameter)
            .QueriesPage();

    private static async Task<IResult> ReadAsync(IStore store, HttpContext http)
    {
        var limit = Query.Limit(http.Request);
        var after = Query.Cursor(http.Request)?.First ?? 0;
        var counts = await store.Quarantine.CountAsync(http.RequestAborted);
        var items = await store.Quarantine.ReadAsync(after, limit, http.RequestAborted);
        var body = new QuarantineWire(
            [.. counts.Select(c => new QuarantineCountWire(c.Source, c.Reason, c.Items, c.Times))],
            [.. items.Select(i => new QuarantinedWire(i.Id, i.Source, i.Reason, i.Detail, i.Times,
                i.ReceivedAt.ToWire()))],
            items.Count == limit ? Query.Cursor(items[^1].Id) : null);
        return Results.Json(body, WireJson.Wire.QuarantineWire);
    }
}
