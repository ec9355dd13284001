using Lifecycle.Engine;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Customers;

internal static class CustomerEndpoints
{
    private const string AsOf = "The customer as it stood at this time, by the entries decided until then";

    public static void MapCustomers(this IEndpointRouteBuilder routes)
    {
        var customers = routes.MapGroup("/v1/customers/{id}").WithTags("Customers");
        customers.MapGet("", ReadAsync).Require(Roles.Member, Roles.Agent, Roles.Analyst)
            .Describe<CustomerWire>(
                "Read a customer", "Everything live: stage, points, metrics over rolling windows, warnings.",
                CustomerExamples.Customer, ProblemCodes.InvalidId, ProblemCodes.InvalidParameter,
                ProblemCodes.CustomerNotFound)
            .QueriesPointInTime(AsOf).AnswersVersion();
        customers.MapGet("status", StatusAsync).Require(Roles.Member, Roles.Agent, Roles.Analyst)
            .Describe<StatusWire>(
                "Read a customer's status", "The small answer for member apps.",
                CustomerExamples.Status, ProblemCodes.InvalidId, ProblemCodes.InvalidParameter,
                ProblemCodes.CustomerNotFound)
            .QueriesPointInTime(AsOf).AnswersVersion();
        customers.MapGet("explain", ExplainAsync).Require(Roles.Agent, Roles.Analyst)
            .Describe<ExplanationWire>(
                "Explain a number", "The entries that make one number of the customer, newest first, and their sum.",
                CustomerExamples.Explanation, ProblemCodes.InvalidId, ProblemCodes.InvalidParameter,
                ProblemCodes.CustomerNotFound)
            .Query(
                "field", "Such as points.available, metrics.windows.365d.spend_minor or stage.",
                new Shape.Text(128, "points.pending"), required: true)
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
            : Versioned.Answer(http, CustomerWire.Of(id, view), WireJson.Wire.CustomerWire);
    }

    private static async Task<IResult> StatusAsync(ICustomers customers, HttpContext http)
    {
        var id = CustomerId.Of(http);
        var view = await customers.ViewAsync(id, Times.PointInTimeOf(http.Request), http.RequestAborted);
        return view is null
            ? throw CustomerId.Unknown(id)
            : Versioned.Answer(http, StatusWire.Of(id, view), WireJson.Wire.StatusWire);
    }

    private static async Task<IResult> ExplainAsync(ICustomers customers, HttpContext http)
    {
        var id = CustomerId.Of(http);
        var when = Times.PointInTimeOf(http.Request);
        var limit = Query.Limit(http.Request, Query.LimitMax);
        if (http.Request.Query["field"] is not [{ Length: > 0 } field])
            throw ProblemException.Of(ProblemCodes.InvalidParameter, "field", "is missing: name what to explain");
        try
        {
            // The view first: an explanation of a later version then names entries that its version does not count.
            var view = await customers.ViewAsync(id, when, http.RequestAborted);
            var explanation = view is null
                ? null
                : await customers.ExplainAsync(id, field, when, limit, http.RequestAborted);
            return explanation is null
                ? throw CustomerId.Unknown(id)
                : Versioned.Answer(
                    http, ExplanationWire.Of(view!.Customer ?? id, view.Version, explanation), WireJson.Wire.ExplanationWire);
        }
        catch (ArgumentException e) when (e.ParamName == "field")
        {
            throw new ProblemException(ProblemCodes.InvalidParameter, e.Message.Split(" (Parameter")[0])
            {
                Errors = new Dictionary<string, string> { ["field"] = "cannot be explained" },
            };
        }
    }
}
