using System.Globalization;
using System.Text.Json;
using Lifecycle.Analytics.Reports;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Web.Reports;

/// <summary>The reports.</summary>
/// <param name="Reports">Each with what its numbers mean.</param>
public sealed record ReportCatalogueWire(IReadOnlyList<ReportDefinitionWire> Reports);

/// <summary>What a report is.</summary>
/// <param name="Name">The last part of its path.</param>
/// <param name="Parameters">What can be chosen.</param>
/// <param name="Definition">What each number means.</param>
/// <param name="Basis">Which amounts and which time it counts by.</param>
public sealed record ReportDefinitionWire(
    string Name, string Title, string Definition, string Basis, IReadOnlyList<ReportParameterWire> Parameters);

/// <summary>What can be chosen.</summary>
/// <param name="Name">The name in the query.</param>
/// <param name="Definition">What it may be.</param>
public sealed record ReportParameterWire(string Name, string Definition);

/// <summary>The shape of every report; the columns of its rows are its own.</summary>
/// <param name="Report">The report's name.</param>
/// <param name="Rows">Each with the report's own columns.</param>
public sealed record ReportWire(
    string Report, DateTime? AsOf, long Position, IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Rows);

internal static class ReportEndpoints
{
    private const string Csv = "text/csv";

    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        var reports = routes.MapGroup("/v1/reports").WithTags("Reports").Require(Roles.Analyst);
        reports.MapGet("", () => Results.Json(Catalogue(), WireJson.Wire.ReportCatalogueWire))
            .Describe<ReportCatalogueWire>(
                "List the reports", "Each report's name, what its numbers mean, and what can be chosen.",
                """
                {"reports":[{"name":"rfm","title":"RFM segments",
                "definition":"Customers by recency, frequency and monetary.",
                "basis":"gross amounts, occurred time","parameters":[{"name":"as_of",
                "definition":"RFC 3339; now by default"}]}]}
                """);
        reports.MapGet("{name}", RunAsync)
            .Describe<ReportWire>(
                "Run a report", "The report's rows and the cut that they are true for, as JSON or CSV.",
                """
                {"report":"rfm","as_of":"2011-12-11T00:00:00Z","position":22190,"rows":[{"segment":"champions",
                "customers":12}]}
                """,
                ProblemCodes.NotFound, ProblemCodes.InvalidParameter)
            .QueriesPointInTime("Only what had occurred by this time")
            .Path(
                "name", "The report, as the list names it.",
                new Shape.OneOf([.. ReportRunner.Catalogue.Select(r => r.Name)]))
            .Query("format", "json or csv; else as Accept says, and json by default.", new Shape.OneOf(["json", "csv"]))
            .Answers<string>(
                StatusCodes.Status200OK, "The rows as a table.", "segment,customers\r\nchampions,12\r\n", Csv)
            .AnswersHeader("Lifecycle-As-Of", "The instant that the rows are true for.", new Shape.Time())
            .AnswersHeader(
                "Lifecycle-Position", "The position in the journal that the rows are true for.",
                new Shape.Integer(0, long.MaxValue));
    }

    private static ReportCatalogueWire Catalogue() => new(
        [.. ReportRunner.Catalogue.Select(r => new ReportDefinitionWire(
            r.Name, r.Title, r.Definition, r.Basis,
            [.. r.Parameters.Select(p => new ReportParameterWire(p.Name, p.Definition))]))]);

    private static async Task<IResult> RunAsync(string name, ReportRunner reports, HttpContext http)
    {
        var accepted = http.Request.Headers.Accept.Any(
            a => a?.Contains(Csv, StringComparison.OrdinalIgnoreCase) == true);
        var format = Query.OneOf(http.Request, "format", accepted ? "csv" : "json", "json", "csv");
        var table = await reports.RunAsync(name, Times.PointInTimeOf(http.Request), http.RequestAborted)
            ?? throw new ProblemException(
                ProblemCodes.NotFound, $"There is no report {name}; GET /v1/reports lists them.");
        http.Response.Headers["Lifecycle-As-Of"] = table.AsOf.ToString();
        http.Response.Headers["Lifecycle-Position"] = table.Position.ToString(CultureInfo.InvariantCulture);
        return format == "csv" ? Results.Text(ToCsv(table), Csv) : Results.Bytes(ToJson(table), "application/json");
    }

    private static string ToCsv(ReportTable table)
    {
        using var csv = new StringWriter(CultureInfo.InvariantCulture);
        ReportFormats.WriteCsv(csv, table);
        return csv.ToString();
    }

    private static byte[] ToJson(ReportTable table)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) ReportFormats.WriteJson(json, table);
        return buffer.ToArray();
    }
}
