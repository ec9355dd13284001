using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace Lifecycle.Fuzz;

/// <summary>Routes that the document leaves out, such as short names of others: they are asked too.</summary>
internal static partial class HiddenRoutes
{
    public static ApiDocument AddTo(ApiDocument document, EndpointDataSource routes)
    {
        var known = document.Operations.Select(o => o.Name).ToHashSet();
        var hidden =
            from route in routes.Endpoints.OfType<RouteEndpoint>()
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            let path = PathOf(route)
            where known.Add($"{method} {path}")
            orderby path
            select OperationOf(document, method, path);
        return document.With([.. hidden]);
    }

    private static string PathOf(RouteEndpoint route) =>
        Parameter().Replace($"/{route.RoutePattern.RawText?.Trim('/')}", "{$1}");

    /// <summary>With the body of the route that it is another name of; as a query where it has no body.</summary>
    private static ApiOperation OperationOf(ApiDocument document, string method, string path)
    {
        var last = path[path.LastIndexOf('/')..];
        var body = document.Operations
            .FirstOrDefault(o => o.Body is not null && o.Path.EndsWith(last, StringComparison.Ordinal))?.Body;
        var parameters = Parameter().Matches(path).Select(m => ParameterOf(m.Groups[1].Value, "path", "dev"));
        if (method == "GET" && body is not null) parameters = [.. parameters, .. QueryOf(body.Example)];
        var content = method == "GET" || body is null
            ? null
            : new Dictionary<string, object> { [body.MediaType] = new { example = JsonSerializer.Deserialize<JsonElement>(body.Example) } };
        return new(method, path, JsonSerializer.SerializeToElement(
            content is null
                ? (object)new { parameters, responses = new { } }
                : new { parameters, requestBody = new { content }, responses = new { } }));
    }

    private static IEnumerable<object> QueryOf(string example)
    {
        yield return ParameterOf("data", "query", Convert.ToBase64String(Encoding.UTF8.GetBytes(example)));
        yield return ParameterOf("properties.price.x", "query", "3");
        foreach (var member in JsonSerializer.Deserialize<JsonElement>(example).EnumerateObject())
            yield return ParameterOf(member.Name, "query", member.Value.ToString());
    }

    private static object ParameterOf(string name, string where, string example) =>
        new { name, @in = where, example, schema = new { type = "string" } };

    [GeneratedRegex(@"\{\**([^}:?=]+)[^}]*\}")]
    private static partial Regex Parameter();
}
