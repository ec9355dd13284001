using System.Globalization;
using System.Text.Json.Nodes;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Documentation;

/// <summary>What a route's metadata says, put into its operation.</summary>
internal static class OperationDocumentation
{
    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var schemas = new Schemas(context, cancel);
        var path = $"/{context.Description.RelativePath}";
        operation.OperationId ??= OperationIds.Of(context.Description.HttpMethod!, path);
        operation.Parameters = [.. ParametersOf(metadata, path).Select(ToOpenApi)];
        await AddBodiesAsync(operation, [.. metadata.OfType<DocumentedBody>()], schemas);

        var documented = metadata.OfType<Documented>().LastOrDefault();
        if (documented?.Example is { } example)
        {
            foreach (var (mediaType, media) in operation.Responses![Text(documented.Status)].Content ?? NoContent)
                media.Example = ToNode(example, mediaType);
        }

        foreach (var answer in metadata.OfType<DocumentedAnswer>()) await AddAnswerAsync(operation, answer, schemas);
        AddHeaders(operation, [.. metadata.OfType<DocumentedAnswerHeader>()]);
        var role = metadata.OfType<RoleRequirement>().LastOrDefault();
        if (role is not null) AddRole(operation, role, context.Document);
        await ProblemDocumentation.AddAsync(operation, metadata, role, documented?.Problems ?? [], schemas);
    }

    private static readonly IDictionary<string, OpenApiMediaType> NoContent =
        new Dictionary<string, OpenApiMediaType>();

    /// <summary>Those of the path too: the handlers read it themselves, so the framework does not know them.</summary>
    private static IEnumerable<DocumentedParameter> ParametersOf(IList<object> metadata, string path)
    {
        var documented = metadata.OfType<DocumentedParameter>().ToList();
        foreach (var part in RoutePatternOf(path).Parameters)
        {
            var known = documented.LastOrDefault(p => p.In == Place.Path && p.Name == part.Name);
            if (known is null && part.Name == "id" && path.StartsWith(WellKnown.CustomerPath, StringComparison.Ordinal))
                known = WellKnown.Customer;
            yield return known ?? new(part.Name, "", Place.Path, Required: true);
        }

        foreach (var parameter in documented.Where(p => p.In != Place.Path)) yield return parameter;
    }

    private static RoutePattern RoutePatternOf(string path) =>
        RoutePatternFactory.Parse(path);

    private static OpenApiParameter ToOpenApi(DocumentedParameter parameter)
    {
        var shape = WellKnown.ShapeOf(parameter);
        return new()
        {
            Name = parameter.Name,
            Description = parameter.Description,
            In = parameter.In switch
            {
                Place.Path => ParameterLocation.Path,
                Place.Header => ParameterLocation.Header,
                _ => ParameterLocation.Query,
            },
            Required = parameter.Required,
            Schema = shape?.ToSchema() ?? new OpenApiSchema { Type = JsonSchemaType.String },
            Example = shape?.ExampleValue,
        };
    }

    private static async Task AddBodiesAsync(
        OpenApiOperation operation, IReadOnlyList<DocumentedBody> bodies, Schemas schemas)
    {
        if (bodies.Count == 0) return;
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var alternatives in bodies.GroupBy(b => b.MediaType))
        {
            var media = new OpenApiMediaType();
            var forms = new List<IOpenApiSchema>();
            foreach (var body in alternatives) forms.Add(await schemas.OfBodyAsync(body.Schema, body.MediaType));
            media.Schema = forms is [var one] ? one : new OpenApiSchema { OneOf = forms };
            var examples = alternatives.Select(b => ToNode(b.Example, b.MediaType)).ToList();
            if (examples is [var example])
                media.Example = example;
            else
                media.Examples = examples.Select((e, i) => (Key: $"example_{i + 1}", Value: e)).ToDictionary(
                    e => e.Key, IOpenApiExample (e) => new OpenApiExample { Value = e.Value });
            content[alternatives.Key] = media;
        }

        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
    }

    private static async Task AddAnswerAsync(OpenApiOperation operation, DocumentedAnswer answer, Schemas schemas)
    {
        operation.Responses ??= [];
        var status = Text(answer.Status);
        if (!operation.Responses.TryGetValue(status, out var existing) || existing is not OpenApiResponse response)
            operation.Responses[status] = response = new OpenApiResponse { Description = answer.Description };
        if (answer.MediaType is not { } mediaType) return;
        response.Content ??= new Dictionary<string, OpenApiMediaType>();
        response.Content[mediaType] = new()
        {
            Schema = await schemas.OfBodyAsync(answer.Schema, mediaType), Example = ToNode(answer.Example!, mediaType),
        };
    }

    private static void AddHeaders(OpenApiOperation operation, IReadOnlyList<DocumentedAnswerHeader> headers)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (headers.Count == 0 || status[0] is not ('2' or '3') || response is not OpenApiResponse answer) continue;
            answer.Headers = headers.ToDictionary(h => h.Name, IOpenApiHeader (h) => new OpenApiHeader
            {
                Description = h.Description, Required = h.Always && status[0] == '2', Schema = h.Shape.ToSchema(),
                Example = h.Shape.ExampleValue,
            });
        }
    }

    private static void AddRole(OpenApiOperation operation, RoleRequirement role, OpenApiDocument? document)
    {
        operation.Description += $" Needs the role {string.Join(" or ", role.AnyOf)}.";
        operation.Security =
        [
            new() { [new OpenApiSecuritySchemeReference(OpenApi.KeyScheme, document)] = [] },
        ];
    }

    /// <summary>Only JSON is shown as what it is; lines, YAML and CSV are texts.</summary>
    private static JsonNode ToNode(string example, string mediaType) =>
        mediaType.EndsWith("json", StringComparison.Ordinal) && !mediaType.EndsWith("ndjson", StringComparison.Ordinal)
            ? JsonNode.Parse(example)!
            : JsonValue.Create(example);

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
