using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Lifecycle.Web.Documentation;

/// <summary>Names of schemas as clients are generated from them: without what tells wire records from others here.</summary>
internal static class SchemaNames
{
    private static readonly string[] Suffixes = ["Wire", "Body"];

    private static readonly ConcurrentDictionary<string, Type> Taken = new();

    public static string? Of(JsonTypeInfo type)
    {
        // Any JSON at all: there is nothing to name.
        if (type.Type == typeof(JsonElement) || type.Type == typeof(JsonElement?)) return null;
        var whole = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        if (whole is null) return null;
        var suffix = Suffixes.FirstOrDefault(s => whole.EndsWith(s, StringComparison.Ordinal)) ?? "";
        var name = whole[..^suffix.Length];
        // Two records of one name would be shown as one: the second keeps its own, and a test asks to rename it.
        return Taken.GetOrAdd(name, type.Type) == type.Type ? name : whole;
    }
}
