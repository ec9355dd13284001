using System.Collections.Concurrent;
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
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        if (Suffixes.FirstOrDefault(s => name?.EndsWith(s, StringComparison.Ordinal) == true) is { } suffix)
            name = name![..^suffix.Length];
        if (name is null || Taken.GetOrAdd(name, type.Type) == type.Type) return name;
        throw new InvalidOperationException(
            $"{type.Type} and {Taken[name]} have the schema name {name}: one would be shown as the other.");
    }
}
