using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Programs;
using Lifecycle.Fuzz;
using Lifecycle.Web.Access;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Documentation;

/// <summary>Provokes the problems that the document names and compares the answers with it.</summary>
public sealed class LiveProblemTests : IAsyncLifetime
{
    private const int BodyBytesMax = 1 << 17;

    /// <summary>More than any route takes: one event, and a program in JSON, may have more bytes than a body.</summary>
    private const int TooManyBytes = 1 + (4 * ProgramLimits.DocumentBytesMax);

    /// <summary>The parameter of a path that is the key itself; no header counts beside it.</summary>
    private const string KeyInPath = "key";

    private Site _site = null!;
    private ApiDocument _document = null!;

    private readonly List<string> _faults = [];

    public async ValueTask InitializeAsync()
    {
        _site = await Site.StartAsync(settings:
        [
            ("Lifecycle:Web:BodyBytesMax", $"{BodyBytesMax}"), ("Lifecycle:Web:EventBytesMax", $"{BodyBytesMax}"),
        ]);
        _document = ApiDocument.Parse(Encoding.UTF8.GetBytes((await _site.GetAsync("/openapi/v1.json")).Body));
        await Preparations.PrepareAsync(_site);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Without_a_key_and_with_one_that_lacks_the_role()
    {
        foreach (var operation in _document.Operations.Where(o => o.Json.TryGetProperty("security", out _)))
        {
            Expect(operation, "unauthenticated", await SendWithKeyAsync(operation, "none"));
            var needed = operation.Json.GetProperty("description").GetString()!.Split("Needs the role ")[^1];
            var other = Roles.All.First(r => !needed.Trim('.').Split(" or ").Contains(r));
            var made = await _site.PostAsync("/v1/admin/keys", $$"""{"name":"other","roles":["{{other}}"]}""");
            Expect(operation, "forbidden", await SendWithKeyAsync(operation, made.Text("key")!));
        }

        AssertNoFaults();
    }

    [Fact]
    public async Task Parameters_outside_their_documented_values()
    {
        foreach (var operation in _document.Operations)
        {
            foreach (var parameter in operation.Parameters.Where(p => p.In == "query"))
            {
                if (WrongFor(parameter.Schema) is not { } wrong) continue;
                var answer = await SendAsync(operation, query: (parameter.Name, wrong));
                Expect(operation, "invalid_parameter", answer);
                if (!answer.Body.Contains($"\"{parameter.Name}\":", StringComparison.Ordinal))
                    _faults.Add($"{operation.Name}: errors does not name {parameter.Name}: {answer.Body}");
            }
        }

        AssertNoFaults();
    }

    [Fact]
    public async Task Bodies_that_are_no_JSON_hold_unknown_fields_are_coded_or_too_large()
    {
        foreach (var operation in _document.Operations.Where(o => o.Bodies.Any(b => b.MediaType == "application/json")))
        {
            var body = operation.Bodies.First(b => b.MediaType == "application/json");
            await ExpectAsync(operation, "malformed_json", body: "{\"unfinished\":");
            await ExpectAsync(operation, "body_too_large", body: $"{{\"a\":\"{new string('a', TooManyBytes)}\"}}");
            await ExpectAsync(operation, "unsupported_media_type", body.Example, ("Content-Encoding", "x-none"));
            var schema = _document.Resolve(body.Schema);
            if (!schema.TryGetProperty("properties", out _) || schema.TryGetProperty("additionalProperties", out _))
                continue;
            var answer = await SendAsync(operation, $"{{\"remark\":1,{body.Example.TrimStart()[1..]}");
            Expect(operation, "invalid_body", answer);
            if (answer.Status == 400) ExpectWords(operation, "invalid_body", answer);
        }

        AssertNoFaults();
    }

    [Fact]
    public async Task Paths_that_name_nothing()
    {
        foreach (var operation in _document.Operations.Where(o => o.Parameters.Any(p => p.In == "path")))
        {
            var isCustomer = operation.Path.StartsWith("/v1/customers/{id}", StringComparison.Ordinal);
            var first = operation.Parameters.First(p => p.In == "path").Name;
            var isKey = first == KeyInPath;
            var path = operation.PathWith(new Dictionary<string, string> { [first] = "nobody-has-this" });
            var answer = await SendAsync(operation, path: path);
            // What only asks has an answer for a customer of whom nothing is known, if the document says so.
            if (isCustomer && answer.Status == 200 && !operation.Problems.Contains("customer_not_found"))
                Check(operation, answer);
            else
                Expect(operation, isCustomer ? "customer_not_found" : isKey ? "unauthenticated" : "not_found", answer);
            if (!isCustomer) continue;
            path = operation.PathWith(new Dictionary<string, string> { [first] = "a\u0001" });
            Expect(operation, "invalid_id", await SendAsync(operation, path: path));
        }

        AssertNoFaults();
    }

    /// <summary>Null where every text does.</summary>
    private static string? WrongFor(JsonElement schema) =>
        schema.TryGetProperty("enum", out _) || schema.TryGetProperty("format", out _)
        || schema.GetProperty("type").GetString() != "string"
            ? "no-such-value"
            : null;

    private async Task<Answer> SendWithKeyAsync(ApiOperation operation, string key)
    {
        var isInPath = operation.Parameters.Any(p => p is { In: "path", Name: KeyInPath });
        var path = isInPath ? operation.PathWith(new Dictionary<string, string> { [KeyInPath] = key }) : null;
        return await SendAsync(operation, path: path, headers: ("Authorization", $"Bearer {key}"));
    }

    private async Task ExpectAsync(
        ApiOperation operation, string problem, string? body, params (string, string)[] headers) =>
        Expect(operation, problem, await SendAsync(operation, body, null, default, headers));

    private void Expect(ApiOperation operation, string problem, Answer answer)
    {
        var code = answer.MediaType == "application/problem+json" ? answer.Problem : $"{answer.Status}";
        if (code != problem)
        {
            _faults.Add($"{operation.Name}: {problem} was provoked and {code} came: {answer.Body}");
            return;
        }

        Check(operation, answer);
    }

    private void Check(ApiOperation operation, Answer answer) => _faults.AddRange(
        new AnswerCheck(_document).Faults(operation, answer).Select(f => $"{operation.Name}: {f}"));

    /// <summary>The example says what the route says.</summary>
    private void ExpectWords(ApiOperation operation, string problem, Answer answer)
    {
        var example = operation.Responses.Single(r => r.Name == $"{answer.Status}").Value.GetProperty("content")
            .GetProperty("application/problem+json").GetProperty("examples").GetProperty(problem).GetProperty("value");
        if (!JsonElement.DeepEquals(example, answer.Json))
            _faults.Add($"{operation.Name}: the example of {problem} is {example}, the answer {answer.Body}");
    }

    private async Task<Answer> SendAsync(
        ApiOperation operation, string? body = null, string? path = null, (string Name, string Value) query = default,
        params (string, string)[] headers)
    {
        path ??= operation.PathWith((await Preparations.PrepareAsync(_site, operation)).Values);
        var required = operation.Parameters.Where(p => p is { In: "query", Required: true })
            .ToDictionary(p => p.Name, p => p.Example!);
        if (query is ({ } name, { } value)) required[name] = value;
        body ??= operation.Body?.Example;
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (header, text) in headers) content?.Headers.TryAddWithoutValidation(header, text);
        var target = path + string.Concat(required.Select((q, i) => $"{(i == 0 ? '?' : '&')}{q.Key}={q.Value}"));
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
        using var client = new HttpClient(handler) { BaseAddress = _site.Http.BaseAddress };
        using var request = new HttpRequestMessage(new(operation.Method), target) { Content = content };
        // What is too large is refused by its length, and a client that sends it all the same may miss the answer.
        if (body?.Length >= TooManyBytes) request.Headers.ExpectContinue = true;
        if (!headers.Any(h => h.Item1 == "Authorization")) request.Headers.Authorization = new("Bearer", "dev");
        foreach (var (header, text) in headers) request.Headers.TryAddWithoutValidation(header, text);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private void AssertNoFaults() => Assert.True(_faults.Count == 0, string.Join("\n", _faults));
}
