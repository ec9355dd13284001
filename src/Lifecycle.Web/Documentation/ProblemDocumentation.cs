using System.Globalization;
using System.Text.Json.Nodes;
using Lifecycle.Web.Access;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Documentation;

/// <summary>A route's problems: by status, with an example of each code in the words that the route uses.</summary>
internal static class ProblemDocumentation
{
    private const string MediaType = "application/problem+json";

    private static readonly ProblemCode[] OfEveryRoute = [ProblemCodes.Internal];

    private static readonly ProblemCode[] OfEveryClosedRoute =
    [
        ProblemCodes.Unauthenticated, ProblemCodes.Forbidden, ProblemCodes.RateLimited, ProblemCodes.Overloaded,
        ProblemCodes.Unavailable,
    ];

    public static async Task AddAsync(
        OpenApiOperation operation, IList<object> metadata, RoleRequirement? role, IReadOnlyList<ProblemCode> own,
        Schemas schemas)
    {
        var schema = await schemas.OfAsync(typeof(ProblemBody));
        var examples = new ProblemExamples(metadata, role);
        var problems = OfEveryRoute.Concat(own).Concat(role is null ? [] : OfEveryClosedRoute);
        if (own.Contains(ProblemCodes.CustomerNotFound)) problems = problems.Append(ProblemCodes.CustomerIsolated);
        operation.Responses ??= [];
        foreach (var group in problems.Distinct().GroupBy(p => p.Status).OrderBy(g => g.Key))
        {
            var status = group.Key.ToString(CultureInfo.InvariantCulture);
            if (!operation.Responses.TryGetValue(status, out var known) || known is not OpenApiResponse response)
                operation.Responses[status] = response = new OpenApiResponse();
            var sentence = string.Join("; ", group.Select(c => $"{c.Type}: {c.Title}"));
            response.Description = response.Description is { Length: > 0 } text && known is not null
                ? $"{text} Or {sentence}"
                : sentence;
            response.Content ??= new Dictionary<string, OpenApiMediaType>();
            response.Content[MediaType] = new()
            {
                Schema = schema,
                Examples = group.ToDictionary(c => c.Code, IOpenApiExample (c) => new OpenApiExample
                {
                    Summary = c.Title, Value = ToJson(c, examples),
                }),
            };
            AddHeaders(response, group.Key);
        }
    }

    private static void AddHeaders(OpenApiResponse response, int status)
    {
        DocumentedAnswerHeader? header = status switch
        {
            401 => new("WWW-Authenticate", "How to authenticate.",
                new Shape.Text(64, "Bearer realm=\"lifecycle\""), Always: true),
            429 or 503 => new("Retry-After", "Whole seconds, after which the same may be sent again.",
                new Shape.Integer(1, 86_400), Always: status == 429),
            _ => null,
        };
        if (header is null) return;
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[header.Name] = new OpenApiHeader
        {
            Description = header.Description, Required = header.Always, Schema = header.Shape.ToSchema(),
            Example = header.Shape.ExampleValue,
        };
    }

    private static JsonObject ToJson(ProblemCode code, ProblemExamples examples)
    {
        var (detail, field, version) = examples.Of(code);
        var json = new JsonObject
        {
            ["type"] = code.Type, ["title"] = code.Title, ["status"] = code.Status, ["detail"] = detail,
        };
        if (field is var (name, message)) json["errors"] = new JsonObject { [name] = message };
        if (version is { } v) json["version"] = v;
        if (examples.HaveCodeAndMessage) (json["code"], json["message"]) = (code.Code, detail);
        return json;
    }
}
