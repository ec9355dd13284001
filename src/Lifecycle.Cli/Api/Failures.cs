using System.Net;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Cli.Api;

/// <summary>Failed calls in words: what happened and what to do.</summary>
internal static class Failures
{
    /// <summary>No answer came.</summary>
    public static CommandFailedException OfConnection(Uri url, Exception failure) => new(
        $"No server answers at {url} ({Innermost(failure)}). Start it with ./run, or name another one with --url.",
        failure);

    /// <summary>An answer that is no success: its problem details (RFC 9457) where it has them.</summary>
    public static CommandFailedException OfAnswer(HttpStatusCode status, ReadOnlyMemory<byte> body)
    {
        var detail = DetailOf(body);
        return new(status switch
        {
            HttpStatusCode.Unauthorized =>
                $"The server does not take this key. Give one with --key or {GlobalOptions.KeyVariable}. {detail}",
            HttpStatusCode.Forbidden =>
                $"This key lacks the role for that; 'lifecycle keys list' shows who has which. {detail}",
            HttpStatusCode.RequestEntityTooLarge =>
                $"The request is too large for the server; a smaller --batch makes smaller ones. {detail}",
            _ when detail.Length > 0 => detail,
            _ => $"The server answered {(int)status} ({status}) without saying why. Its log may.",
        });
    }

    private static string DetailOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var problem = document.RootElement;
            if (problem.ValueKind != JsonValueKind.Object) return "";
            var text = new StringBuilder(TextOf(problem, "detail") ?? TextOf(problem, "title"));
            if (problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object)
                foreach (var field in errors.EnumerateObject()) text.Append($"\n  {field.Name}: {Flat(field.Value)}");
            return text.ToString();
        }
        catch (JsonException)
        {
            // An answer from something in between, a proxy's page perhaps: the status says more than its markup.
            return "";
        }
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Flat(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? string.Join(" ", value.EnumerateArray().Select(item => item.ToString()))
        : value.ToString();

    private static string Innermost(Exception failure) => failure.GetBaseException().Message.TrimEnd('.');
}
