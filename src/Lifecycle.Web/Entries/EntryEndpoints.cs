using Lifecycle.Engine;
using Lifecycle.Web.Access;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Entries;

internal static class EntryEndpoints
{
    /// <summary>Entries one request looks through; past it the page is short and has a cursor.</summary>
    internal const int EntriesMax = 2_000;

    private const string Example =
        """
        {"customer":"c-1","version":1,"entries":[{"seq":1,"type":"order.placed","source":"shop","id":"e-1",
        "occurred_at":"2026-11-20T09:30:00Z","recorded_at":"2026-11-20T09:30:01.5Z","at":"2026-11-20T09:30:01.5Z",
        "historical":false,"program_version":1,"data":{"order_id":"o-1","currency":"EUR","amount_minor":12900},
        "effects":[{"kind":"points_moved","debit":"issued","credit":"pending","points":129,
        "available_at":"2026-12-04T09:30:00Z","expires_at":"2027-11-30T23:00:00Z","cause":"earned","rule":"base",
        "order":"5d1c3e0a9b7f2e46"}],"after":{"available":0,"pending":129,"held":0,"stage":"New",
        "next_change_at":"2026-12-04T09:30:00Z"}}],"next_cursor":null}
        """;

    public static void MapEntries(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/customers/{id}/entries", ReadAsync).WithTags("Customers")
            .Require(Roles.Agent, Roles.Analyst)
            .Describe<EntriesWire>(
                "Read a customer's history", "Every entry with its effects, newest first.", Example,
                ProblemCodes.InvalidId, ProblemCodes.InvalidParameter, ProblemCodes.CustomerNotFound)
            .Query(
                "own", "true: what is recorded under this very id, also when it is an alias now.", new Shape.Flag())
            .QueriesPage()
            .QueriesPointInTime("The entries that the customer as of this time is made of: decided or occurred by then")
            .AnswersVersion();

    private static async Task<IResult> ReadAsync(ICustomers customers, HttpContext http)
    {
        var id = CustomerId.Of(http);
        var limit = Query.Limit(http.Request);
        var cursor = Query.Cursor(http.Request);
        var when = Times.PointInTimeOf(http.Request);
        var own = Query.Flag(http.Request, "own");
        if (!when.IsNow && own)
            throw ProblemException.Of(ProblemCodes.InvalidParameter, "own", "cannot go with as_of or known_at");
        if (!when.IsNow)
        {
            var extent = await customers.ExtentAsync(id, when, http.RequestAborted) ?? throw CustomerId.Unknown(id);
            var past = await PastPageAsync(
                customers, extent.Customer ?? id, extent, cursor?.First, limit, http.RequestAborted);
            return EntityTags.Of(http).Answer(http, past, WireJson.Wire.EntriesWire);
        }

        if (!own) id = await OwnerAsync(customers, id, http.RequestAborted);
        var version = await VersionAsync(customers, id, http.RequestAborted, own);
        var before = cursor?.First ?? long.MaxValue;
        var page = (own
            ? await customers.OwnEntriesAsync(id, before, limit, http.RequestAborted)
            : await customers.EntriesAsync(id, before, limit, http.RequestAborted)) ?? throw CustomerId.Unknown(id);
        var next = page.Count > 0 && page[^1].Seq > 1 ? Query.Cursor(page[^1].Seq) : null;
        var body = new EntriesWire(id, version, [.. page.Select(EntryWire.Of)], next);
        return EntityTags.Of(http).Answer(http, body, WireJson.Wire.EntriesWire);
    }

    /// <summary>The customer's own id, of an alias or of itself.</summary>
    internal static async Task<string> OwnerAsync(ICustomers customers, string id, CancellationToken cancel) =>
        (await customers.IdentityAsync(id, cancel))?.Customer ?? throw CustomerId.Unknown(id);

    /// <summary>What came late lies between what is left out: a page may have to look far for its entries.</summary>
    private static async Task<EntriesWire> PastPageAsync(
        ICustomers customers, string id, Extent extent, long? cursor, int limit, CancellationToken cancel)
    {
        var entries = new List<EntryWire>();
        var before = Math.Min(cursor ?? long.MaxValue, extent.KnownSeq + 1);
        for (var looked = 0; before > 1; looked += Query.LimitMax)
        {
            if (looked >= EntriesMax) return new(id, extent.DecidedSeq, entries, Query.Cursor(before));
            var page = await customers.OwnEntriesAsync(id, before, Query.LimitMax, cancel)
                ?? throw CustomerId.Unknown(id);
            foreach (var entry in page)
            {
                if (!extent.Has(entry)) continue;
                entries.Add(EntryWire.Of(entry));
                if (entries.Count == limit)
                    return new(id, extent.DecidedSeq, entries, entry.Seq > 1 ? Query.Cursor(entry.Seq) : null);
            }

            if (page.Count == 0) break;
            before = page[^1].Seq;
        }

        return new(id, extent.DecidedSeq, entries, null);
    }

    /// <summary>The last <c>seq</c>, whatever page is asked for.</summary>
    internal static async Task<long> VersionAsync(
        ICustomers customers, string id, CancellationToken cancel, bool own = false)
    {
        var newest = own
            ? await customers.OwnEntriesAsync(id, long.MaxValue, 1, cancel)
            : await customers.EntriesAsync(id, long.MaxValue, 1, cancel);
        return newest is [var entry, ..] ? entry.Seq : throw CustomerId.Unknown(id);
    }
}
