using System.Net.Http.Headers;
using System.Text;
using Lifecycle.Fuzz;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Documentation;

/// <summary>Sends what the document shows and compares the answers with what it says.</summary>
public sealed class LiveAnswerTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task Every_example_succeeds_and_is_answered_as_documented()
    {
        var document = await ReadAsync();
        var check = new AnswerCheck(document);
        await Preparations.PrepareAsync(_site);
        var faults = new List<string>();
        foreach (var operation in document.Operations.OrderBy(o => o.Method == "DELETE"))
        {
            foreach (var body in operation.Bodies.DefaultIfEmpty())
            {
                var answer = await SendAsync(operation, body, []);
                if (answer.Status is < 200 or > 299)
                {
                    faults.Add(
                        $"{operation.Name}: its example is answered {answer.Status} {answer.Body}. Correct the example "
                        + $"or add '{operation.Id}' to {nameof(Preparations)}.cs with what must be there before.");
                }

                faults.AddRange(check.Faults(operation, answer).Select(f => $"{operation.Name} {body?.MediaType}: {f}"));
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task Every_parameter_is_taken_as_its_example_has_it()
    {
        var document = await ReadAsync();
        var check = new AnswerCheck(document);
        await Preparations.PrepareAsync(_site);
        var faults = new List<string>();
        foreach (var operation in document.Operations)
        {
            foreach (var parameter in operation.Parameters.Where(p => p.In != "path"))
            {
                var answer = await SendAsync(operation, operation.Body, [parameter]);
                if (answer.Status == 400) faults.Add($"{operation.Name} with {parameter.Name}: {answer.Body}");
                faults.AddRange(
                    check.Faults(operation, answer).Select(f => $"{operation.Name} with {parameter.Name}: {f}"));
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    private async Task<ApiDocument> ReadAsync() =>
        ApiDocument.Parse(Encoding.UTF8.GetBytes((await _site.GetAsync("/openapi/v1.json")).Body));

    private async Task<Answer> SendAsync(
        ApiOperation operation, ApiBody? body, IReadOnlyList<ApiParameter> optional)
    {
        var prepared = await Preparations.PrepareAsync(_site, operation);
        var path = operation.PathWith(prepared.Values);
        var sent = operation.Parameters.Where(p => p.In == "query" && (p.Required || prepared.Always.Contains(p.Name)))
            .Union(optional).ToList();
        var query = string.Join('&', sent.Where(p => p.In == "query").Select(
            p => $"{p.Name}={Uri.EscapeDataString(prepared.Values.GetValueOrDefault(p.Name) ?? p.Example!)}"));
        var content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body.Example));
        if (content is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(body!.MediaType);
        var headers = sent.Where(p => p.In == "header").Select(p => (p.Name, p.Example!)).ToArray();
        var target = query.Length == 0 ? path : $"{path}?{query}";
        return await _site.SendAsync(new(operation.Method), target, content, headers);
    }
}
