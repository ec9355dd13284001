using System.Text.RegularExpressions;
using Lifecycle.Domain.Customers;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests;

public sealed class ProblemTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public void The_documentation_has_the_same_problems_as_the_code()
    {
        var rows = Regex.Matches(ApiDocs.Read(), @"^\| `(\w+)` \| (\d{3}) \| (.+?) \|$", RegexOptions.Multiline)
            .Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value} {m.Groups[3].Value}");

        Assert.Equal(ProblemCodes.All.Select(p => $"{p.Code} {p.Status} {p.Title}"), rows);
    }

    [Fact]
    public async Task A_document_that_is_none_is_a_problem()
    {
        var answer = await _site.GetAsync("/openapi/v2.json");

        Assert.Equal((404, "not_found"), (answer.Status, answer.Problem));
        Assert.Equal(200, (await _site.GetAsync("/openapi/v1.json")).Status);
    }

    [Fact]
    public void Every_field_of_the_table_is_in_the_table_of_all()
    {
        var fields = typeof(ProblemCodes).GetFields()
            .Where(f => f.FieldType == typeof(ProblemCode)).Select(f => (ProblemCode)f.GetValue(null)!).ToList();

        Assert.Equal(fields.Select(f => f.Code), ProblemCodes.All.Select(f => f.Code));
    }

    [Fact]
    public void The_documentation_names_each_reason_of_quarantine()
    {
        var docs = ApiDocs.Read();
        string[] ofCommands = [RefusalCodes.InsufficientPoints, RefusalCodes.ReasonRequired,
            RefusalCodes.InvalidPoints];
        var reasons = typeof(QuarantineReasons).GetFields().Concat(typeof(RefusalCodes).GetFields())
            .Select(f => (string)f.GetValue(null)!);

        Assert.All(reasons.Except(ofCommands), r => Assert.Contains($"| `{r}` | ", docs, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_no_route_takes_is_a_problem_too()
    {
        var nothing = await _site.GetAsync("/v2/events");
        var method = await _site.SendAsync(HttpMethod.Put, "/v1/events", null);

        Assert.Equal((404, "not_found"), (nothing.Status, nothing.Problem));
        Assert.Equal((405, "method_not_allowed"), (method.Status, method.Problem));
    }
}
