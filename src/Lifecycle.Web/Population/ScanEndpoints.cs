using System.Globalization;
using Lifecycle.Domain.Conditions;
using Lifecycle.Engine;
using Lifecycle.Engine.Population;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Access;
using Lifecycle.Web.Feed;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Population;

internal static class ScanEndpoints
{
    private const string Csv = ScanQuestion.Csv;
    private const string NdJson = ScanQuestion.NdJson;
    private const string CutHeader = "Lifecycle-Cut";
    private const int CutMax = 200;
    private const int ColumnsMax = 4_000;
    private const string CutExample = "AZqMZ3c7R0uXm2hT1dYyq9AAAAAAAABWrgAGRAXGkhQA";

    public static void MapScan(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/scan", ScanAsync).WithTags("Population").Require(Roles.Analyst)
            .DescribeStream(
                "Scan the customers",
                "Every customer at one consistent cut, a line each, however long it takes and whatever comes in "
                + "meanwhile. An answer that broke off goes on with cut and after.",
                ProblemCodes.InvalidParameter, ProblemCodes.CursorMalformed, ProblemCodes.CursorOfAnotherEpoch,
                ProblemCodes.CustomerIsolated)
            .Answers<CustomerRowBody>(
                StatusCodes.Status200OK, "A line of JSON for each customer.",
                """{"customer":"c-1","stage":"Loyal","available":340}""" + "\n", "application/x-ndjson")
            .Answers<string>(
                StatusCodes.Status200OK, "A line of names, then one for each customer.",
                "customer,stage,available\r\nc-1,Loyal,340\r\n", "text/csv")
            .AnswersUnstored()
            .AnswersHeader(CutHeader, "The cut, to go on with.", new Shape.Text(CutMax, CutExample))
            .AnswersHeader("Lifecycle-As-Of", "The instant that every line is true for.", new Shape.Time())
            .AnswersHeader(
                "Lifecycle-Position", "The position in the journal up to which entries count.",
                new Shape.Integer(0, long.MaxValue))
            .Query(
                "filter", "A condition over customer.*: only those for whom it holds.",
                new Shape.Text(ConditionLimits.ConditionTextMax, "customer.orders_365d >= 6"))
            .Query(
                "columns", "Names, with commas between them; all by default.",
                new Shape.Text(ColumnsMax, "customer,stage,available"))
            .Query("format", "Else as Accept says, and ndjson by default.", new Shape.OneOf([NdJson, Csv]))
            .Query("cut", "The Lifecycle-Cut of the answer that broke off.", new Shape.Text(CutMax, CutExample))
            .Query(
                "after", "The customer of its last whole line.",
                new Shape.Text(Domain.Inputs.InputLimits.IdMax, "c-1"));

    private static async Task<IResult> ScanAsync(
        CustomerScan scan, StreamRoom room, ILogger<CustomerScan> logger, Drain drain, HttpContext http)
    {
        Query.KnowsOnly(http.Request, "filter", "columns", "format", "cut", "after");
        var isCsv = http.Request.Headers.Accept.Any(
            a => a?.Contains("text/csv", StringComparison.OrdinalIgnoreCase) == true);
        var question = ScanQuestion.Of(
            Query.Text(http.Request, "filter", ConditionLimits.ConditionTextMax),
            Query.Text(http.Request, "columns", ColumnsMax),
            Query.OneOf(http.Request, "format", isCsv ? Csv : NdJson, NdJson, Csv));
        using var place = room.TakeScan();
        var (cut, after) = await StartAsync(scan, http.Request, http.RequestAborted);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Over);
        await using var pages = scan.ReadAsync(cut, KeyShare.All, after, question.Filter, ends.Token)
            .GetAsyncEnumerator(ends.Token);
        // The first page before the first byte: what is wrong by then is answered as a problem.
        var any = await pages.MoveNextAsync();
        var answer = new ScanAnswer(http.Response.BodyWriter, question.Lines);
        http.Response.ContentType = question.Lines.MediaType;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers[CutHeader] = cut.ToString();
        http.Response.Headers["Lifecycle-As-Of"] = cut.AsOf.ToString();
        http.Response.Headers["Lifecycle-Position"] = cut.Position.ToString(CultureInfo.InvariantCulture);
        try
        {
            if (after is null) await answer.BeginAsync(ends.Token);
            while (any && await answer.WriteAsync(pages.Current, ends.Token)) any = await pages.MoveNextAsync();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            WebLog.ClientLeft(logger, http.Request.Path, "it read no further");
        }
        catch (Exception e) when (e is StoreException or UnavailableException or OperationCanceledException)
        {
            // A body that does not end as it should is how a client learns that there is more.
            WebLog.StreamEnded(logger, "a scan", e.Message);
            http.Abort();
        }

        return Results.Empty;
    }

    private static async Task<(ScanCut Cut, CustomerKey? After)> StartAsync(
        CustomerScan scan, HttpRequest request, CancellationToken cancel)
    {
        var text = Query.Text(request, "cut", CutMax);
        var after = Query.Text(request, "after", Domain.Inputs.InputLimits.IdMax);
        if (text is null)
        {
            return after is null
                ? (await scan.CutAsync(cancel), null)
                : throw ProblemException.Of(
                    ProblemCodes.InvalidParameter, "after",
                    $"needs the cut that it goes on with: send the {CutHeader} of that answer as cut");
        }

        var cut = await scan.CutAsync(text, cancel);
        if (after is null) return (cut, null);
        return await scan.FindAsync(after, cancel) is { } key
            ? (cut, key)
            : throw ProblemException.Of(
                ProblemCodes.InvalidParameter, "after",
                "is no customer: send the customer of the last whole line as it was");
    }
}
