using System.Text;
using System.Text.Json;
using Lifecycle.Fuzz;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lifecycle.Web.Tests.Documentation;

/// <summary>What the document must say of every route; each fault names what its author has to add.</summary>
public sealed class CompletenessTests(SharedSite shared) : IClassFixture<SharedSite>
{
    /// <summary>Routes that are not in the document, and why.</summary>
    private static readonly Dictionary<string, string> Unlisted = new()
    {
        ["GET /"] = "leads to the documentation",
        ["GET /openapi/{documentName:regex(^v1$)}.json"] = "is the documentation",
        ["GET /pixel/v1/page"] = "is for pictures in pages and mails, answers a picture: docs/segment.md",
        ["GET /pixel/v1/track"] = "is for pictures in pages and mails, answers a picture: docs/segment.md",
        ["GET /sourceConfig"] = "is what RudderStack's browser client asks for, in its own form",
        ["GET /cluster-info"] = "is what RudderStack's clients ask for, in their own form",
        ["GET /projects/{key}/settings"] = "is /v1/projects/{key}/settings for clients that add no version",
        ["HEAD /health/live"] = "is the GET without its body, for monitors",
        ["HEAD /health/ready"] = "is the GET without its body, for monitors",
        ["POST /b"] = "is /v1/batch for clients that add no version",
        ["POST /batch"] = "is /v1/batch for clients that add no version",
        ["POST /beacon/v1/batch"] = "is /v1/batch for browsers that leave a page",
        ["POST /t"] = "is /v1/track for clients that add no version",
        ["POST /i"] = "is /v1/identify for clients that add no version",
        ["POST /p"] = "is /v1/page for clients that add no version",
        ["POST /s"] = "is /v1/screen for clients that add no version",
        ["POST /g"] = "is /v1/group for clients that add no version",
        ["POST /a"] = "is /v1/alias for clients that add no version",
    };

    private static readonly string[] OurSuffixes = ["Wire", "Body"];
    private static readonly string[] Parts = ["summary", "description", "operationId", "tags"];
    private static readonly string[] LimitsOfText = ["enum", "format", "maxLength"];
    private static readonly string[] Fields =
        ["$ref", "oneOf", "anyOf", "properties", "items", "additionalProperties"];

    /// <summary>Problems that come before a route is found.</summary>
    private static readonly ProblemCode[] OfNoRoute = [ProblemCodes.MalformedRequest, ProblemCodes.MethodNotAllowed];

    private readonly Site _site = shared.Site;

    [Fact]
    public async Task Every_mapped_route_is_in_the_document_or_says_why_not()
    {
        var document = await ReadAsync();
        var mapped =
            from endpoint in _site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            let path = endpoint.RoutePattern.RawText!
            select $"{method} {(path.Length > 1 ? path.TrimEnd('/') : path)}";

        Assert.Equal(
            document.Operations.Select(o => o.Name).Order(StringComparer.Ordinal),
            mapped.Distinct().Except(Unlisted.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_is_described()
    {
        var faults = new List<string>();
        foreach (var operation in (await ReadAsync()).Operations)
        {
            foreach (var name in Parts)
                if (!operation.Json.TryGetProperty(name, out _)) faults.Add($"{operation.Name} has no {name}: .Describe(…)");
            foreach (var parameter in operation.Parameters) Look(operation, parameter, faults);
            if (operation.Method is "POST" or "PUT" or "PATCH" && operation.Bodies.Count == 0
                && operation.Json.TryGetProperty("requestBody", out _))
                faults.Add($"{operation.Name} has a body without an example: .Takes<T>(example)");
            foreach (var body in operation.Bodies.Where(b => b.MediaType.EndsWith("json", StringComparison.Ordinal)))
                if (IsBare(body.Schema)) faults.Add(
                    $"{operation.Name} takes a body whose fields nobody declares: .Takes<T>(example, \"{body.MediaType}\")");
            foreach (var response in operation.Responses.Where(r => r.Name[0] == '2'))
                Look(operation, response.Value, faults);
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_and_every_tag_a_description()
    {
        var document = await ReadAsync();

        Assert.Empty(document.Operations.GroupBy(o => o.Id).Where(g => g.Count() > 1).Select(g => g.Key));
        var undescribed = document.Root.GetProperty("tags").EnumerateArray()
            .Where(t => !t.TryGetProperty("description", out _)).Select(t => t.GetProperty("name").GetString());
        Assert.True(!undescribed.Any(), $"RouteTags.cs does not describe {string.Join(", ", undescribed)}");
    }

    [Fact]
    public async Task Every_field_of_every_schema_is_described()
    {
        var faults = new List<string>();
        foreach (var schema in (await ReadAsync()).Root.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            if (OurSuffixes.Any(s => schema.Name.EndsWith(s, StringComparison.Ordinal)))
                faults.Add($"{schema.Name}: another record has this name without its suffix; rename one");
            if (!schema.Value.TryGetProperty("description", out _)) faults.Add($"{schema.Name}: a /// summary is missing");
            if (!schema.Value.TryGetProperty("properties", out var properties)) continue;
            foreach (var property in properties.EnumerateObject().Where(p => !IsDescribed(p.Value)))
                faults.Add($"{schema.Name}.{property.Name}: a /// param beside its record, or a line in Glossary.cs");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        var document = await ReadAsync();
        var faults = new List<string>();
        foreach (var operation in document.Operations)
        {
            foreach (var body in operation.Bodies.Where(b => b.MediaType == "application/json"))
                faults.AddRange(new SchemaCheck(document)
                    .Check(body.Schema, JsonDocument.Parse(body.Example).RootElement, $"{operation.Name} takes ").Faults);
            foreach (var (schema, example) in Examples(operation))
                faults.AddRange(new SchemaCheck(document).Check(schema, example, $"{operation.Name} answers ").Faults);
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public async Task Every_problem_belongs_to_a_route()
    {
        var documented = (await ReadAsync()).Operations.SelectMany(o => o.Problems).ToHashSet();

        var unused = ProblemCodes.All.Except(OfNoRoute).Select(c => c.Code).Except(documented).ToList();
        Assert.True(unused.Count == 0, $"No route says that it answers {string.Join(", ", unused)}: .Describe(…, problems)");
    }

    private static void Look(ApiOperation operation, ApiParameter parameter, List<string> faults)
    {
        var name = $"{operation.Name}: the {parameter.In} parameter {parameter.Name}";
        if (!parameter.Json.TryGetProperty("description", out var text) || text.GetString() is not { Length: > 0 })
            faults.Add($"{name} has no description: .{(parameter.In == "path" ? "Path" : "Query")}(name, description, shape)");
        if (parameter.Example is null) faults.Add($"{name} has no example: give its Shape.Text one");
        if (parameter.Schema.GetProperty("type").GetString() == "string"
            && !LimitsOfText.Any(k => parameter.Schema.TryGetProperty(k, out _)))
            faults.Add($"{name} is a text without limits: .Query(name, description, new Shape.…)");
    }

    private static void Look(ApiOperation operation, JsonElement response, List<string> faults)
    {
        if (!response.TryGetProperty("content", out var content)) return;
        foreach (var media in content.EnumerateObject())
        {
            if (!media.Value.TryGetProperty("example", out _) && !media.Value.TryGetProperty("examples", out _))
                faults.Add($"{operation.Name}: its answer {media.Name} has no example: .Describe<T>(…) or .Answers<T>(…)");
            if (!media.Value.TryGetProperty("schema", out var schema)
                || (media.Name.EndsWith("json", StringComparison.Ordinal) && IsBare(schema)))
                faults.Add($"{operation.Name}: its answer {media.Name} has no fields: .Describe<T>(…) or .Answers<T>(…)");
        }
    }

    private static IEnumerable<(JsonElement Schema, JsonElement Example)> Examples(ApiOperation operation) =>
        from response in operation.Responses
        where response.Value.TryGetProperty("content", out _)
        from media in response.Value.GetProperty("content").EnumerateObject()
        where media.Name.EndsWith("json", StringComparison.Ordinal) && !media.Name.EndsWith("ndjson", StringComparison.Ordinal)
        from example in media.Value.TryGetProperty("example", out var one)
            ? [one]
            : media.Value.GetProperty("examples").EnumerateObject().Select(e => e.Value.GetProperty("value"))
        select (media.Value.GetProperty("schema"), example);

    private static bool IsBare(JsonElement schema) => schema.ValueKind != JsonValueKind.Object
        || !Fields.Any(k => schema.TryGetProperty(k, out _));

    private static bool IsDescribed(JsonElement schema) => schema.TryGetProperty("description", out _)
        || (schema.TryGetProperty("oneOf", out var forms) && forms.EnumerateArray().Any(IsDescribed));

    private async Task<ApiDocument> ReadAsync() =>
        ApiDocument.Parse(Encoding.UTF8.GetBytes((await _site.GetAsync("/openapi/v1.json")).Body));
}
