using Lifecycle.Web.Documentation;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Operations;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>, from the routes themselves.</summary>
internal static class OpenApi
{
    public const string KeyScheme = "key";

    public static void AddLifecycleOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.CreateSchemaReferenceId = SchemaNames.Of;
        options.AddSchemaTransformer(SchemaDocumentation.DescribeAsync);
        options.AddOperationTransformer(OperationDocumentation.DescribeAsync);
        options.AddDocumentTransformer(DescribeAsync);
    });

    private static Task DescribeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
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
        document.Tags = new HashSet<OpenApiTag>(
            (document.Tags ?? new HashSet<OpenApiTag>()).Select(
                tag => new OpenApiTag { Name = tag.Name, Description = RouteTags.Describe(tag.Name) })
                .OrderBy(tag => tag.Name, StringComparer.Ordinal));
        SchemaDocumentation.CloseAlternatives(document);
        return Task.CompletedTask;
    }
}
