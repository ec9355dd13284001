using System.Net;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Client.Transport;

/// <summary>Failed calls as exceptions.</summary>
internal static class Problems
{
    private static readonly Dictionary<string, string> NoErrors = [];

    /// <summary>No answer came.</summary>
    public static LifecycleException OfConnection(Uri url, Exception failure, int attempts) =>
        new($"No server answers at {url} ({failure.GetBaseException().Message.TrimEnd('.')}).", failure)
        {
            Attempts = attempts,
        };

    public static LifecycleException OfTime(Uri url, TimeSpan limit, int attempts, Exception? inner) =>
        new($"{url} did not answer within {limit.TotalSeconds:0.###} s.", inner) { Attempts = attempts };

    /// <summary>A success that cannot be read.</summary>
    public static LifecycleException OfUnreadable(Exception failure) => new(
        $"The server's answer cannot be read: {failure.Message} Is the address that of a Lifecycle server?", failure)
    {
        Status = HttpStatusCode.OK,
    };

    /// <summary>An answer that is no success: its problem details where it has them.</summary>
    public static LifecycleException OfAnswer(
        HttpStatusCode status, ReadOnlyMemory<byte> body, TimeSpan? retryAfter, int attempts)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } problem)
                return Of(problem, status, retryAfter, attempts);
        }
        catch (JsonException)
        {
            // An answer from something in between, a proxy's page perhaps: the status says more than its markup.
        }
        return new($"The server answered {(int)status} ({status}) without saying why.")
        {
            Status = status, RetryAfter = retryAfter, Attempts = attempts,
        };
    }

    private static LifecycleException Of(
        JsonElement problem, HttpStatusCode status, TimeSpan? retryAfter, int attempts)
    {
        var (title, detail) = (TextOf(problem, "title"), TextOf(problem, "detail"));
        var errors = ErrorsOf(problem);
        var message = new StringBuilder(detail.Length > 0 ? detail : title);
        if (message.Length == 0) message.Append($"The server answered {(int)status} ({status}).");
        foreach (var (field, fault) in errors) message.Append($"\n  {field}: {fault}");
        return new(message.ToString())
        {
            Status = status, Type = TextOf(problem, "type"), Title = title, Detail = detail, Errors = errors,
            Version = problem.TryGetProperty("version", out var v) && v.ValueKind == JsonValueKind.Number
                && v.TryGetInt64(out var version) ? version : null,
            RetryAfter = retryAfter, Attempts = attempts,
        };
    }

    private static string TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static Dictionary<string, string> ErrorsOf(JsonElement problem)
    {
        if (!problem.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object)
            return NoErrors;
        var byField = new Dictionary<string, string>();
        foreach (var field in errors.EnumerateObject())
        {
            byField[field.Name] = field.Value.ValueKind == JsonValueKind.Array
                ? string.Join(' ', field.Value.EnumerateArray().Select(item => item.ToString()))
                : field.Value.ToString();
        }
        return byField;
    }
}
