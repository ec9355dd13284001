using System.Globalization;
using System.Text.Json.Nodes;
using Lifecycle.Web.Access;
using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Operations;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, from the routes themselves.</summary>
internal static class OpenApi
{
    private const string KeyScheme = "key";

    private static readonly ProblemCode[] OfEveryRoute = [ProblemCodes.Internal];

    private static readonly ProblemCode[] OfEveryClosedRoute =
    [
        ProblemCodes.Unauthenticated, ProblemCodes.Forbidden, ProblemCodes.RateLimited, ProblemCodes.Overloaded,
        ProblemCodes.Unavailable,
    ];

    public static void AddLifecycleOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "Lifecycle",
                Version = "v1",
                Description = "Customers live: stages, points and rolling metrics from events, each number explained.",
            };
            // The address that the page was loaded from is right; the one that the server is bound to may not be.
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [KeyScheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http, Scheme = "bearer",
                    Description = "An API key; in Development on loopback: dev.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    });

    private static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var documented = metadata.OfType<Documented>().LastOrDefault();
        var role = metadata.OfType<RoleRequirement>().LastOrDefault();
        foreach (var parameter in metadata.OfType<DocumentedParameter>()) AddParameter(operation, parameter);
        if (metadata.OfType<DocumentedBody>().ToList() is { Count: > 0 } bodies)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = bodies[0].Required, Content = bodies.ToDictionary(b => b.MediaType, ToMedia),
            };
        if (documented?.Example is { } example)
        {
            var success = operation.Responses?.FirstOrDefault(r => r.Key[0] == '2').Value;
            foreach (var media in success?.Content?.Values ?? []) media.Example = JsonNode.Parse(example);
        }

        if (role is not null)
        {
            operation.Description += $" Needs the role {string.Join(" or ", role.AnyOf)}.";
            var requirement = new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [],
            };
            operation.Security = [requirement];
        }

        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancel);
        var problems = OfEveryRoute.Concat(documented?.Problems ?? []).Concat(role is null ? [] : OfEveryClosedRoute);
        foreach (var group in problems.Distinct().GroupBy(p => p.Status).OrderBy(g => g.Key))
            AddProblems(operation, [.. group], schema);
    }

    private static void AddParameter(OpenApiOperation operation, DocumentedParameter parameter)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = parameter.Name, Description = parameter.Description,
            In = parameter.InHeader ? ParameterLocation.Header : ParameterLocation.Query,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    private static void AddProblems(OpenApiOperation operation, IReadOnlyList<ProblemCode> codes, OpenApiSchema schema)
    {
        var first = codes[0];
        var example = new JsonObject
        {
            ["type"] = first.Type, ["title"] = first.Title, ["status"] = first.Status, ["detail"] = first.Title + ".",
        };
        operation.Responses ??= [];
        operation.Responses[first.Status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
        {
            Description = string.Join("; ", codes.Select(c => $"{c.Type}: {c.Title}")),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = schema, Example = example },
            },
        };
    }

    private static OpenApiMediaType ToMedia(DocumentedBody body) => new()
    {
        Schema = new OpenApiSchema { Type = TypeOf(body.Example) }, Example = JsonNode.Parse(body.Example),
    };

    private static JsonSchemaType TypeOf(string example) =>
        example.TrimStart()[0] == '[' ? JsonSchemaType.Array : JsonSchemaType.Object;
}
