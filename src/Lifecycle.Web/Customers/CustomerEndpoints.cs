using Lifecycle.Domain.Inputs;
using Lifecycle.Engine;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Customers;

internal static class CustomerEndpoints
{
    private const string AsOf =
        "The customer as of this time: points and stage as decided by then, metrics with what had occurred by then. " +
        "At most 3,660 days ahead: what time alone will change";

    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        var customers = routes.MapGroup("/v1/customers/{id}").WithTags("Customers");
        customers.MapGet("", ReadAsync).Require(Roles.Member, Roles.Agent, Roles.Analyst)
            .Describe<CustomerWire>(
                "Read a customer", "Everything live: stage, points, metrics over rolling windows, warnings.",
                CustomerExamples.Customer, ProblemCodes.InvalidId, ProblemCodes.InvalidParameter,
                ProblemCodes.CustomerNotFound)
            .QueriesPointInTime(AsOf).AnswersVersion();
        // Not as a parameter of the handler: that takes a scope of services for each request.
        var services = routes.ServiceProvider;
        Delegate status = (HttpContext http) => StatusAsync(
            services.GetRequiredService<ICustomers>(), services.GetRequiredService<EntityTags>(), http);
        customers.MapGet("status", status).Require(Roles.Member, Roles.Agent, Roles.Analyst)
            .Describe<StatusWire>(
                "Read a customer's status", "The small answer for member apps.",
                CustomerExamples.Status, ProblemCodes.InvalidId, ProblemCodes.InvalidParameter,
                ProblemCodes.CustomerNotFound)
            .QueriesPointInTime(AsOf).AnswersVersion();
        customers.MapGet("explain", ExplainAsync).Require(Roles.Agent, Roles.Analyst)
            .Describe<ExplanationWire>(
                "Explain a number",
                "The entries that make one member of the customer, newest first, and what they come to: their sum, or "
                + "parts and a formula. Without a field: the fields there are.",
                CustomerExamples.Explanation, ProblemCodes.InvalidId, ProblemCodes.InvalidParameter,
                ProblemCodes.CustomerNotFound)
            .Query(
                "field", "A path in the customer, such as points.available, metrics.windows.365d.spend_minor, "
                + "points.expiring[0].points or stage. Absent: the fields there are.",
                new Shape.Text(InputLimits.IdMax, "points.pending"))
            .Query(
                "limit", "How many contributions, 1 to 200; 200 by default.", Shape.Limit(Wire.Query.LimitMax))
            .QueriesPointInTime(AsOf).AnswersVersion();
    }

    private static async Task<IResult> ReadAsync(ICustomers customers, HttpContext http)
    {
        var id = CustomerId.Of(http);
        var view = await customers.ViewAsync(id, Times.PointInTimeOf(http.Request), http.RequestAborted);
        return view is null
            ? throw CustomerId.Unknown(id)
            : EntityTags.Of(http).Answer(http, CustomerWire.Of(id, view), WireJson.Wire.CustomerWire);
    }

    private static async Task StatusAsync(ICustomers customers, EntityTags tags, HttpContext http)
    {
        var id = CustomerId.Of(http);
        var reading = await customers.StatusAsync(id, Times.PointInTimeOf(http.Request), http.RequestAborted);
        await StatusAnswer.WriteAsync(http, tags, id, reading ?? throw CustomerId.Unknown(id));
    }

    private static async Task<IResult> ExplainAsync(ICustomers customers, HttpContext http)
    {
        var id = CustomerId.Of(http);
        var when = Times.PointInTimeOf(http.Request);
        var limit = Query.Limit(http.Request, Query.LimitMax);
        var field = FieldOf(http.Request);
        if (field is null) return await ListFieldsAsync(customers, id, when, http);
        try
        {
            var explanation = await customers.ExplainAsync(id, field, when, limit, http.RequestAborted)
                ?? throw CustomerId.Unknown(id);
            return EntityTags.Of(http).Answer(
                http, ExplanationWire.Of(explanation.Customer ?? id, explanation), WireJson.Wire.ExplanationWire);
        }
        catch (ArgumentException e) when (e.ParamName == "field")
        {
            throw new ProblemException(ProblemCodes.InvalidParameter, e.Message.Split(" (Parameter")[0])
            {
                Errors = new Dictionary<string, string> { ["field"] = "cannot be explained" },
            };
        }
    }
    private static string? FieldOf(HttpRequest request) => request.Query["field"] switch
    {
        [] => null,
        [{ Length: > 0 } field] => field,
        _ => throw ProblemException.Of(ProblemCodes.InvalidParameter, "field", "must be one field"),
    };

    private static async Task<IResult> ListFieldsAsync(
        ICustomers customers, string id, PointInTime when, HttpContext http)
    {
        var extent = await customers.ExtentAsync(id, when, http.RequestAborted) ?? throw CustomerId.Unknown(id);
        return EntityTags.Of(http).Answer(
            http, ExplanationWire.OfFields(extent.Customer ?? id, extent), WireJson.Wire.ExplanationWire);
    }
}
