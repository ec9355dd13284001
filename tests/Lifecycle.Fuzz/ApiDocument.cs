using System.Text.Json;

namespace Lifecycle.Fuzz;

/// <summary>The OpenAPI document, as far as driving its operations needs it.</summary>
public sealed class ApiDocument
{
    private ApiDocument(JsonElement root) => Root = root;

    public JsonElement Root { get; }

    public IReadOnlyList<ApiOperation> Operations { get; private init; } = [];

    public static ApiDocument Parse(ReadOnlyMemory<byte> json)
    {
        var root = JsonDocument.Parse(json).RootElement;
        if (!root.TryGetProperty("paths", out _)) throw new InvalidDataException($"This is no document: {root}");
        var operations =
            from path in root.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select new ApiOperation(operation.Name.ToUpperInvariant(), path.Name, operation.Value);
        return new(root) { Operations = [.. operations] };
    }

    public ApiDocument With(IEnumerable<ApiOperation> more) => new(Root) { Operations = [.. Operations, .. more] };

    /// <summary>Follows references.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
        {
            schema = reference.GetString()!.Split('/').Skip(1).Aggregate(Root, (at, name) => at.GetProperty(name));
        }

        return schema;
    }
}

/// <summary>One method of one path.</summary>
public sealed class ApiOperation
{
    internal ApiOperation(string method, string path, JsonElement json)
    {
        (Method, Path, Json) = (method, path, json);
        Parameters = [.. Members(json, "parameters").Select(p => new ApiParameter(p))];
        Bodies = [.. BodiesOf(json)];
    }

    public string Method { get; }

    public string Path { get; }

    public JsonElement Json { get; }

    public IReadOnlyList<ApiParameter> Parameters { get; }

    /// <summary>One for each example.</summary>
    public IReadOnlyList<ApiBody> Bodies { get; }

    public ApiBody? Body => Bodies is [var first, ..] ? first : null;

    public string Id => Json.TryGetProperty("operationId", out var id) ? id.GetString()! : Name;

    public string Name => $"{Method} {Path}";

    public IEnumerable<JsonProperty> Responses => Json.GetProperty("responses").EnumerateObject();

    /// <summary>The codes of the problems that it says it answers.</summary>
    public IEnumerable<string> Problems =>
        from response in Responses
        from media in Properties(response.Value, "content")
        where media.Name == "application/problem+json"
        from example in Properties(media.Value, "examples")
        select example.Name;

    /// <summary>The path with its own examples, or with the given values, as they are.</summary>
    public string PathWith(IReadOnlyDictionary<string, string> values)
    {
        var path = Path;
        foreach (var parameter in Parameters.Where(p => p.In == "path"))
        {
            var value = values.GetValueOrDefault(parameter.Name) ?? parameter.Example ?? "x";
            path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }

        return path;
    }

    private static IEnumerable<ApiBody> BodiesOf(JsonElement json)
    {
        if (!json.TryGetProperty("requestBody", out var body)) yield break;
        foreach (var media in Properties(body, "content"))
        {
            var schema = media.Value.TryGetProperty("schema", out var s) ? s : default;
            if (media.Value.TryGetProperty("example", out var one)) yield return new(media.Name, TextOf(one), schema);
            foreach (var example in Properties(media.Value, "examples"))
                yield return new(media.Name, TextOf(example.Value.GetProperty("value")), schema);
        }
    }

    private static string TextOf(JsonElement example) =>
        example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();

    private static JsonElement.ArrayEnumerator Members(JsonElement json, string name) =>
        json.TryGetProperty(name, out var members) ? members.EnumerateArray() : default;

    private static JsonElement.ObjectEnumerator Properties(JsonElement json, string name) =>
        json.TryGetProperty(name, out var members) ? members.EnumerateObject() : default;
}

public sealed class ApiParameter(JsonElement json)
{
    public JsonElement Json { get; } = json;

    public string Name { get; } = json.GetProperty("name").GetString()!;

    /// <summary><c>query</c>, <c>header</c> or <c>path</c>.</summary>
    public string In { get; } = json.GetProperty("in").GetString()!;

    public bool Required { get; } = json.TryGetProperty("required", out var required) && required.GetBoolean();

    public JsonElement Schema { get; } = json.TryGetProperty("schema", out var schema) ? schema : default;

    /// <summary>As it stands in a query or a header.</summary>
    public string? Example { get; } = !json.TryGetProperty("example", out var example) ? null
        : example.ValueKind == JsonValueKind.String ? example.GetString() : example.GetRawText();
}

/// <summary>A body that an operation takes, by its example.</summary>
public sealed record ApiBody(string MediaType, string Example, JsonElement Schema);
