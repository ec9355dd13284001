using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Documentation;

/// <summary>Schemas of types, those with a name as references into the document's components.</summary>
internal sealed class Schemas(OpenApiOperationTransformerContext context, CancellationToken cancel)
{
    private const string SchemaId = "x-schema-id";

    public async Task<IOpenApiSchema> OfAsync(Type type) =>
        Refer(await context.GetOrCreateSchemaAsync(type, null, cancel));

    /// <summary>Of what is no JSON a text; of lines of JSON the schema of each.</summary>
    public async Task<IOpenApiSchema> OfBodyAsync(Type? type, string mediaType)
    {
        if (type is not null && type != typeof(string)) return await OfAsync(type);
        var isJson = mediaType.EndsWith("json", StringComparison.Ordinal);
        return new OpenApiSchema { Type = isJson ? JsonSchemaType.Object : JsonSchemaType.String };
    }

    /// <summary>The framework answers schemas in full here; each named one becomes a component.</summary>
    private IOpenApiSchema Refer(IOpenApiSchema given)
    {
        if (given is not OpenApiSchema schema) return given;
        foreach (var (name, member) in schema.Properties?.ToList() ?? []) schema.Properties![name] = Refer(member);
        if (schema.Items is { } items) schema.Items = Refer(items);
        if (schema.AdditionalProperties is { } additional) schema.AdditionalProperties = Refer(additional);
        schema.OneOf = schema.OneOf?.Select(Refer).ToList();
        schema.AnyOf = schema.AnyOf?.Select(Refer).ToList();
        if (schema.Metadata?.TryGetValue(SchemaId, out var mark) != true || mark is not string { Length: > 0 } id)
            return schema;
        var components = context.Document!.Components ??= new();
        components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        components.Schemas.TryAdd(id, schema);
        return new OpenApiSchemaReference(id, context.Document);
    }
}
