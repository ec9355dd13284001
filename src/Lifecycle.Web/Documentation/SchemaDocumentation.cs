using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Lifecycle.Web.CloudEvents;
using Lifecycle.Web.Events;
using Lifecycle.Web.Population;
using Lifecycle.Web.Segment;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Lifecycle.Web.Documentation;

/// <summary>What the schema of a record says beside what its type and its documentation say.</summary>
internal static class SchemaDocumentation
{
    public static Task DescribeAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(EventDataBody)) EventDataDocumentation.Describe(schema);
        if (type == typeof(EventBody)) EventDataDocumentation.AllowOthers(schema);
        if (type == typeof(CloudEventBody)) CloudEventDocumentation.Describe(schema);
        if (type == typeof(CustomerRowBody)) CustomerRowDocumentation.Describe(schema);
        if (type == typeof(SegmentMessageBody) || type == typeof(SegmentBatchBody))
            schema.AdditionalProperties = new OpenApiSchema { Description = "Any other member is taken too." };
        if (type == typeof(JsonObject)) schema.Description ??= "An object with any members.";
        if (context.JsonPropertyInfo is not { } property) return Task.CompletedTask;
        if (Find<JsonIgnoreAttribute>(property) is { Condition: JsonIgnoreCondition.WhenWritingNull })
            schema.Type &= ~JsonSchemaType.Null;
        if (Find<ClosedSetAttribute>(property) is { } set) Close(schema, set.Values);
        Describe(schema, property.Name);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Alternatives that a member tells apart: each is an object, and that member is always there.
    /// </summary>
    public static void CloseAlternatives(OpenApiDocument document)
    {
        foreach (var schema in document.Components?.Schemas?.Values ?? [])
        {
            if (schema is not OpenApiSchema { Discriminator: { PropertyName: { } name, Mapping: { } mapping } }) continue;
            foreach (var alternative in mapping.Values)
            {
                if (document.Components!.Schemas![alternative.Reference.Id!] is not OpenApiSchema target) continue;
                target.Type = JsonSchemaType.Object;
                target.Required = new HashSet<string>([name, .. target.Required ?? new HashSet<string>()]);
                if (target.Properties?[name] is OpenApiSchema kind) kind.Description ??= Glossary.Find(name);
            }
        }
    }

    private static void Describe(OpenApiSchema schema, string name)
    {
        schema.Metadata ??= new Dictionary<string, object>();
        var isReference = schema.Metadata.TryGetValue(Schemas.SchemaId, out var id) && id is string { Length: > 0 };
        if (!isReference)
            schema.Description ??= Glossary.Find(name);
        else if (!schema.Metadata.ContainsKey(Schemas.BesideReference) && Glossary.Find(name) is { } description)
            schema.Metadata[Schemas.BesideReference] = description;
    }

    /// <summary>Of a list it is the items that are one of the set.</summary>
    private static void Close(OpenApiSchema schema, IReadOnlyList<string> values)
    {
        if (schema.Items is OpenApiSchema items) schema = items;
        schema.Enum = [.. values.Select(v => (JsonNode)JsonValue.Create(v))];
        if (schema.Type?.HasFlag(JsonSchemaType.Null) == true) schema.Enum.Add(JsonNullSentinel.JsonNull);
    }

    private static T? Find<T>(JsonPropertyInfo property)
        where T : Attribute =>
        property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault() as T;
}
