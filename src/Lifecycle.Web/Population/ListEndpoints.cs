using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Spelling;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Population;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Population;

internal static class ListEndpoints
{
    private const int CursorMax = 800;

    private const string CursorExample = "AXJr2LUAAAAAAAAAAK7QyJp0V0fTe0Y3eVbTqgRjLTE";

    private const string Example =
        $$"""
        {"customers":[{"customer":"c-1","version":12,"stage":"Loyal","stage_since":"2026-08-02T10:00:00Z",
        "available":340,"pending":129,"held":0,"orders":7,"spend_minor":96900,
        "last_order_at":"2026-11-20T09:30:00Z","next_change_at":"2026-12-04T09:30:00Z"}],
        "next_cursor":"{{CursorExample}}","as_of":"2026-11-21T12:00:00Z"}
        """;

    private static readonly Dictionary<string, ListOrder> Orders = new()
    {
        ["id"] = ListOrder.ById,
        ["last_order"] = new(RowColumn.LastOrderAt, false), ["-last_order"] = new(RowColumn.LastOrderAt, true),
        ["available"] = new(RowColumn.Available, false), ["-available"] = new(RowColumn.Available, true),
        ["spend"] = new(RowColumn.SpendMinor, false), ["-spend"] = new(RowColumn.SpendMinor, true),
        ["orders"] = new(RowColumn.Orders, false), ["-orders"] = new(RowColumn.Orders, true),
    };

    public static void MapList(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/customers", ListAsync).WithTags("Population")
            .Require(Roles.Agent, Roles.Analyst, Roles.Admin)
            .Describe<CustomersWire>(
                "List customers",
                "Customers in pages, as of now, for people who look for one or go through some. "
                + "A page may be short although more follow: go on while there is a next_cursor.",
                Example, ProblemCodes.InvalidParameter)
            .Query(
                "q", "How an id begins; capital and small letters are the same.",
                new Shape.Text(InputLimits.IdMax, "c-"))
            .Query("stage", "Only those in this stage.", new Shape.Text(InputLimits.TextMax, "Loyal"))
            .Query(
                "min_available", "Only those with as many points to spend.",
                new Shape.Integer(-InputLimits.AmountMax, InputLimits.AmountMax))
            .Query("sort", "The order; with - the largest or latest first.", new Shape.OneOf([.. Orders.Keys], "id"))
            .Query("limit", "How many, 1 to 200; 50 by default.", Shape.Limit())
            .Query(
                "cursor", "The next_cursor of the page before, with the same other parameters.",
                new Shape.Text(CursorMax, CursorExample));

    private static async Task<IResult> ListAsync(CustomerList list, ProgramBook programs, HttpContext http)
    {
        Query.KnowsOnly(http.Request, "q", "stage", "min_available", "sort", "limit", "cursor");
        var sort = Query.OneOf(http.Request, "sort", "id", [.. Orders.Keys]);
        var query = new ListQuery(
            Query.Text(http.Request, "q", InputLimits.IdMax) ?? "", StageOf(http.Request, programs.Schedule),
            Query.Number(http.Request, "min_available", -InputLimits.AmountMax, InputLimits.AmountMax), Orders[sort],
            Query.Limit(http.Request));
        try
        {
            var page = await list.ReadAsync(query, Query.Text(http.Request, "cursor", CursorMax), http.RequestAborted);
            return Results.Json(CustomersWire.Of(page), WireJson.Wire.CustomersWire);
        }
        catch (ArgumentException e) when (e.ParamName is "cursor" or "query")
        {
            throw ProblemException.Of(
                ProblemCodes.InvalidParameter, e.ParamName == "query" ? "q" : "cursor",
                e.Message.Split(" (Parameter")[0]);
        }
    }

    /// <summary>One that no program knows is a mistake, and an empty list would not say so.</summary>
    private static string? StageOf(HttpRequest request, ProgramSchedule programs)
    {
        if (Query.Text(request, "stage", InputLimits.TextMax) is not { } stage) return null;
        var known = programs.Changes.Select(change => change.Program.Stages).SelectMany(
            stages => stages.Growth.Select(growth => growth.Name)
                .Concat([stages.AtRisk, stages.Dormant, stages.Churned, stages.Reactivated?.Name ?? ""]))
            .Where(name => name.Length > 0).Distinct().ToList();
        if (known.Contains(stage)) return stage;
        var meant = Nearest.Of(stage, known) is { } near ? $"; did you mean {near}?" : "";
        throw ProblemException.Of(
            ProblemCodes.InvalidParameter, "stage", $"is no stage; there are {string.Join(", ", known)}{meant}");
    }
}
