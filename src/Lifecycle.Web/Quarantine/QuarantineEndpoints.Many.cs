using Lifecycle.Engine.Store;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Quarantine;

/// <summary>The same for all that a filter names, so many at a time.</summary>
internal static partial class QuarantineEndpoints
{
    /// <summary>Items of one request.</summary>
    private const int ManyMax = 5_000;
    private const int ManyDefault = 1_000;

    /// <summary>Items whose bodies are in memory at once.</summary>
    private const int AtOnceMax = 100;

    private static void MapMany(this IEndpointRouteBuilder quarantine)
    {
        quarantine.MapPost("replay", ReplayManyAsync).Require(Roles.Admin)
            .Describe<QuarantineSettledWire>(
                "Replay many quarantined events",
                "Those that a filter names, oldest first, each as it was sent. At least one of source, reason and day "
                + "is needed. Go on with next_cursor until it is null.",
                QuarantineExamples.Settled, ProblemCodes.InvalidParameter)
            .QueriesQuarantine().QueriesMany();
        quarantine.MapPost("discard", DiscardManyAsync).Require(Roles.Admin)
            .Describe<QuarantineSettledWire>(
                "Discard many quarantined events",
                "Those that a filter names, oldest first, with one reason. At least one of source, reason and day is "
                + "needed. Go on with next_cursor until it is null.",
                QuarantineExamples.Settled, ProblemCodes.InvalidParameter, ProblemCodes.MalformedJson,
                ProblemCodes.InvalidBody, ProblemCodes.ReasonRequired, ProblemCodes.BodyTooLarge,
                ProblemCodes.UnsupportedMediaType)
            .Takes<DiscardBody>(QuarantineExamples.Reason).QueriesQuarantine().QueriesMany();
    }

    private static RouteHandlerBuilder QueriesMany(this RouteHandlerBuilder route) => route
        .Query(
            "limit", $"How many at most, 1 to {ManyMax}; {ManyDefault} by default.",
            new Shape.Integer(1, ManyMax, ManyDefault))
        .Query("cursor", "The next_cursor of the answer before.");

    private static Task<IResult> ReplayManyAsync(IStore store, QuarantineReplay replay, HttpContext http) =>
        SettleManyAsync(store, http, items => replay.ReplayAsync(items, CallerOf(http), http.RequestAborted));

    private static async Task<IResult> DiscardManyAsync(
        IStore store, TimeProvider time, HttpContext http, IOptions<WebOptions> options)
    {
        var resolution = await DiscardOfAsync(http, time, options.Value);
        return await SettleManyAsync(store, http, items => store.Quarantine.SettleAsync(
            [.. items.Select(i => i.Id)], resolution, [], http.RequestAborted));
    }

    private static async Task<IResult> SettleManyAsync(
        IStore store, HttpContext http, Func<IReadOnlyList<QuarantinedItem>, Task<int>> settleAsync)
    {
        var (limit, after) = (LimitOf(http.Request), Query.Cursor(http.Request)?.First ?? 0);
        var filter = FilterOf(http.Request, waits: true);
        if (filter == QuarantineFilter.Waiting)
            throw ProblemException.Of(
                ProblemCodes.InvalidParameter, "reason", "or source or day is needed: it says which are meant");
        var (resolved, tried, more) = (0L, 0L, true);
        while (more && tried < limit)
        {
            var wanted = (int)Math.Min(AtOnceMax, limit - tried);
            var items = await store.Quarantine.ReadAsync(filter, after, wanted, http.RequestAborted);
            if (items.Count > 0)
            {
                resolved += await settleAsync(items);
                after = items[^1].Id;
            }

            tried += items.Count;
            more = items.Count == wanted;
        }

        var waiting = (await store.Quarantine.SumAsync(filter, 1, http.RequestAborted)).Items;
        return Results.Json(
            new QuarantineSettledWire(resolved, tried - resolved, waiting, more ? Query.Cursor(after) : null),
            WireJson.Wire.QuarantineSettledWire);
    }

    private static int LimitOf(HttpRequest request) =>
        (int)(Query.Number(request, "limit", 1, ManyMax) ?? ManyDefault);
}
