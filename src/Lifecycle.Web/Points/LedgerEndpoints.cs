using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;
using Lifecycle.Engine;
using Lifecycle.Web.Access;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Entries;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Points;

internal static class LedgerEndpoints
{
    private const int EntriesAtOnce = 200;

    private const string Example =
        """
        {"customer":"c-1","version":12,"movements":[{"seq":11,"at":"2026-11-10T08:00:00Z","debit":"available",
        "credit":"redeemed","points":500,"available_at":"2026-06-29T08:00:00Z","expires_at":"2027-06-30T22:00:00Z",
        "cause":"redeemed","rule":"voucher-5","order":null}],"next_cursor":"MToxMTow"}
        """;

    public static void MapLedger(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/customers/{id}/points/ledger", ReadAsync).WithTags("Points")
            .Require(Roles.Member, Roles.Agent, Roles.Analyst)
            .Describe<LedgerWire>(
                "Read the points ledger", "Every movement of points between two accounts, newest first.", Example,
                ProblemCodes.InvalidId, ProblemCodes.InvalidParameter, ProblemCodes.CustomerNotFound)
            .QueriesPage().QueriesPointInTime("The movements that had been decided by this time").AnswersVersion();

    private static async Task<IResult> ReadAsync(ICustomers customers, HttpContext http)
    {
        var id = CustomerId.Of(http);
        var limit = Query.Limit(http.Request);
        // A cursor is the last movement shown: its entry, and its place in it from 0.
        var (seq, index) = Query.Cursor(http.Request) ?? (long.MaxValue, 0);
        (id, var version) = await VersionAsync(customers, id, Times.PointInTimeOf(http.Request), http.RequestAborted);
        var movements = new List<MovementWire>();
        string? next = null;
        var before = Math.Min(seq, version) + 1;
        for (var looked = 0; next is null && before > 1; looked += EntriesAtOnce)
        {
            // A customer with thousands of visits and no points gets short pages rather than one that takes for ever.
            if (looked >= EntryEndpoints.EntriesMax)
            {
                next = Query.Cursor(before);
                break;
            }

            var page = await customers.OwnEntriesAsync(id, before, EntriesAtOnce, http.RequestAborted)
                ?? throw CustomerId.Unknown(id);
            if (page.Count == 0) break;
            foreach (var entry in page)
            {
                next = Take(entry, entry.Seq == seq ? (int)index : int.MaxValue, limit, movements);
                if (next is not null) break;
            }

            before = page[^1].Seq;
        }

        var body = new LedgerWire(id, version, movements, next);
        return EntityTags.Of(http).Answer(http, body, WireJson.Wire.LedgerWire);
    }

    /// <summary>The customer whom the id leads to, or led to then, and the last entry of theirs.</summary>
    private static async Task<(string Id, long Version)> VersionAsync(
        ICustomers customers, string id, PointInTime when, CancellationToken cancel)
    {
        if (when.IsNow)
        {
            id = await EntryEndpoints.OwnerAsync(customers, id, cancel);
            return (id, await EntryEndpoints.VersionAsync(customers, id, cancel));
        }

        var extent = await customers.ExtentAsync(id, when, cancel) ?? throw CustomerId.Unknown(id);
        return (extent.Customer ?? id, extent.DecidedSeq);
    }

    /// <summary>
    /// Adds the entry's movements before one place, last first; answers the cursor when the page is full.
    /// </summary>
    private static string? Take(Entry entry, int before, int limit, List<MovementWire> movements)
    {
        for (var i = Math.Min(entry.Effects.Length, before) - 1; i >= 0; i--)
        {
            if (entry.Effects[i] is not Effect.PointsMoved moved) continue;
            movements.Add(ToWire(entry, moved));
            if (movements.Count == limit) return i == 0 && entry.Seq == 1 ? null : Query.Cursor(entry.Seq, i);
        }

        return null;
    }

    private static MovementWire ToWire(Entry entry, Effect.PointsMoved moved) => new(
        entry.Seq, entry.At.ToWire(), moved.Debit.Name(), moved.Credit.Name(), moved.Points,
        moved.Lot.AvailableAt.ToWire(), moved.Lot.ExpiresAt.ToWire(), moved.Cause,
        moved.Rule.Length == 0 ? null : moved.Rule, EffectWire.Hex(moved.Order));
}
