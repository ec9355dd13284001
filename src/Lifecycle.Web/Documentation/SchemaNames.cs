using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Lifecycle.Web.Documentation;

/// <summary>Names of schemas as clients are generated from them: without what tells wire records from others here.</summary>
internal static class SchemaNames
{
    private static readonly string[] Suffixes = ["Wire", "Body"];

    public static string? Of(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        return Suffixes.Aggregate(name, (n, s) => n is not null && n.EndsWith(s, StringComparison.Ordinal)
            ? n[..^s.Length]
            : n);
    }
}
