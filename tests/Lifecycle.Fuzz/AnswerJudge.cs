using System.Text;
using System.Text.Json;

namespace Lifecycle.Fuzz;

/// <summary>What every answer must be, whatever was asked.</summary>
public static class AnswerJudge
{
    /// <summary>Null when nothing is wrong.</summary>
    public static string? Fault(FuzzRequest request, FuzzAnswer answer)
    {
        if (answer.Status is < 200 or > 599) return $"the status {answer.Status} is none";
        if (answer.Status >= 500 && answer.Status != 503) return $"{answer.Status}: {Start(answer.Body)}";
        var mediaType = answer.Headers.ContentType.ToString().Split(';')[0];
        if (answer.Status is 204 or 304) return answer.Body.Length == 0 ? null : $"{answer.Status} has a body";
        if (request.Method == "HEAD") return null;
        try
        {
            if (answer.Status >= 400 && mediaType != "application/problem+json" && !IsHealth(request))
                return $"{answer.Status} is no problem but '{mediaType}': {Start(answer.Body)}";
            if (mediaType == "application/problem+json") return ProblemFault(answer);
            if (mediaType.EndsWith("ndjson", StringComparison.Ordinal)) return LinesFault(answer.Body);
            if (mediaType.EndsWith("json", StringComparison.Ordinal)) JsonDocument.Parse(answer.Body).Dispose();
            return null;
        }
        catch (JsonException e)
        {
            return $"the answer is not JSON: {e.Message}: {Start(answer.Body)}";
        }
    }

    private static readonly string[] Texts = ["type", "title", "detail"];

    /// <summary>Not ready is an answer there, and no problem.</summary>
    private static bool IsHealth(FuzzRequest request) => request.Target.StartsWith("/health/", StringComparison.Ordinal);

    private static string? ProblemFault(FuzzAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        var problem = json.RootElement;
        foreach (var name in Texts)
        {
            if (!problem.TryGetProperty(name, out var text) || text.ValueKind != JsonValueKind.String
                || text.GetString()!.Length == 0)
                return $"the problem has no {name}: {Start(answer.Body)}";
        }

        if (!problem.GetProperty("type").GetString()!.StartsWith("/problems/", StringComparison.Ordinal))
            return $"the problem has a strange type: {Start(answer.Body)}";
        if (problem.GetProperty("status").GetInt32() != answer.Status)
            return $"the problem has another status than the answer: {answer.Status} {Start(answer.Body)}";
        return answer.Status == 429 && answer.Headers.RetryAfter.Count == 0
            ? "429 without Retry-After"
            : null;
    }

    private static string? LinesFault(byte[] body)
    {
        foreach (var line in Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            JsonDocument.Parse(line).Dispose();
        return null;
    }

    private static string Start(byte[] body) => Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 600)));
}
