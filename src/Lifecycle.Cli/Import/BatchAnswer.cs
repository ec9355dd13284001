using System.Text.Json;

namespace Lifecycle.Cli.Import;

/// <summary>What the server did with the events of one request.</summary>
/// <param name="Refused">Those that went to quarantine: event id and reason.</param>
internal sealed record BatchAnswer(
    long Accepted, long Duplicates, long Quarantined, IReadOnlyList<(string Id, string Reason)> Refused)
{
    private const string UnknownReason = "unknown";

    /// <summary>Reads an answer, and holds it against the number of events sent.</summary>
    /// <exception cref="CommandFailedException">It does not account for every event.</exception>
    public static BatchAnswer Read(ReadOnlyMemory<byte> body, int sent)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var json = document.RootElement;
            var refused = new List<(string, string)>();
            foreach (var result in json.GetProperty("results").EnumerateArray())
            {
                if (result.GetProperty("status").ValueEquals("quarantined"))
                    refused.Add((result.GetProperty("id").GetString() ?? "", ReasonOf(result)));
            }
            var answer = new BatchAnswer(
                json.GetProperty("accepted").GetInt64(), json.GetProperty("duplicates").GetInt64(),
                json.GetProperty("quarantined").GetInt64(), refused);
            if (answer.Accepted + answer.Duplicates + answer.Quarantined == sent && answer.Quarantined == refused.Count)
                return answer;
        }
        catch (Exception failure) when (
            failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CommandFailedException(
                "The server's answer to events cannot be read. Is --url the address of a Lifecycle server?", failure);
        }
        throw new CommandFailedException(
            $"The server's answer does not account for each of the {sent} events that it was sent.");
    }

    /// <summary>The last part of the problem's type, such as <c>missing_customer</c>.</summary>
    private static string ReasonOf(JsonElement result)
    {
        if (!result.TryGetProperty("problem", out var problem)) return UnknownReason;
        var text = problem.ValueKind == JsonValueKind.String ? problem.GetString()
            : problem.TryGetProperty("type", out var type) ? type.GetString()
            : problem.TryGetProperty("code", out var code) ? code.GetString()
            : null;
        return text is { Length: > 0 } ? text[(text.LastIndexOf('/') + 1)..] : UnknownReason;
    }
}
