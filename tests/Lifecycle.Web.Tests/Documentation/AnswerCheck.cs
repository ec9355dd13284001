using System.Globalization;
using System.Text.Json;
using Lifecycle.Fuzz;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Documentation;

/// <summary>Compares an answer with what its operation says of it: status, headers, media type, body, problem.</summary>
internal sealed class AnswerCheck(ApiDocument document)
{
    /// <summary>Headers that every answer may have and no operation describes.</summary>
    private static readonly string[] Common = ["Date", "Server", "X-Content-Type-Options", "Transfer-Encoding"];

    public IEnumerable<string> Faults(ApiOperation operation, Answer answer)
    {
        var status = answer.Status.ToString(CultureInfo.InvariantCulture);
        if (!operation.Json.GetProperty("responses").TryGetProperty(status, out var response))
            return [$"answers {status}, which is not documented: {answer.Body}"];
        return HeaderFaults(response, answer).Concat(BodyFaults(response, answer));
    }

    private static IEnumerable<string> HeaderFaults(JsonElement response, Answer answer)
    {
        var documented = response.TryGetProperty("headers", out var headers)
            ? headers.EnumerateObject().ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase)
            : [];
        foreach (var (name, header) in documented)
        {
            var required = header.TryGetProperty("required", out var r) && r.GetBoolean();
            if (required && !answer.Headers.Contains(name)) yield return $"lacks the header {name}";
        }

        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            if (Common.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!documented.TryGetValue(name, out var header))
                yield return $"has the header {name}, which is not documented: add .AnswersHeader(\"{name}\", …)";
            else if (!FitsHeader(header.GetProperty("schema"), string.Join(", ", values)))
                yield return $"has {name}: {string.Join(", ", values)}, which is not as documented";
        }
    }

    private static bool FitsHeader(JsonElement schema, string value)
    {
        if (schema.TryGetProperty("enum", out var set)) return set.EnumerateArray().Any(v => v.GetString() == value);
        return schema.GetProperty("type").GetString() switch
        {
            "integer" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            _ when schema.TryGetProperty("format", out _) => DateTimeOffset.TryParse(
                value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
            _ => value.Length <= schema.GetProperty("maxLength").GetInt32(),
        };
    }

    private IEnumerable<string> BodyFaults(JsonElement response, Answer answer)
    {
        if (!response.TryGetProperty("content", out var content))
            return answer.Body.Length == 0 ? [] : ["has a body, and none is documented"];
        if (answer.MediaType is null || !content.TryGetProperty(answer.MediaType, out var media))
            return [$"has the media type {answer.MediaType}, which is not documented for {answer.Status}"];
        return answer.MediaType switch
        {
            "application/problem+json" => ProblemFaults(media, answer),
            "application/x-ndjson" => answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(line => Check(media, JsonDocument.Parse(line).RootElement)),
            _ when answer.MediaType.EndsWith("json", StringComparison.Ordinal) => Check(media, answer.Json),
            _ => [],
        };
    }

    private IEnumerable<string> ProblemFaults(JsonElement media, Answer answer)
    {
        foreach (var fault in Check(media, answer.Json)) yield return fault;
        if (!media.GetProperty("examples").TryGetProperty(answer.Problem, out var example))
        {
            yield return $"answers the problem {answer.Problem}, which is not documented: add it to .Describe(…)";
            yield break;
        }

        var shown = example.GetProperty("value").EnumerateObject().Select(m => m.Name);
        var has = answer.Json.EnumerateObject().Select(m => m.Name);
        if (!shown.Order().SequenceEqual(has.Order()))
            yield return $"answers {answer.Body}, but the example of {answer.Problem} has {string.Join(", ", shown)}";
    }

    private List<string> Check(JsonElement media, JsonElement body) =>
        new SchemaCheck(document).Check(media.GetProperty("schema"), body, "").Faults;
}
