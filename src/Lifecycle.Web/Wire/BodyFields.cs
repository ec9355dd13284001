using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Problems;

namespace Lifecycle.Web.Wire;

/// <summary>
/// The fields of a command's body: each is read by name and kind, what is wrong is gathered, and a field that nobody
/// reads is a fault too, for a misspelt one would otherwise be lost in silence.
/// </summary>
internal sealed class BodyFields : IDisposable
{
    private readonly JsonDocument _document;
    private readonly Dictionary<string, string> _faults = [];

    private BodyFields(JsonDocument document) => _document = document;

    /// <exception cref="ProblemException">Not one JSON object without repeated names.</exception>
    public static BodyFields Parse(ReadOnlyMemory<byte> body, params ReadOnlySpan<string> known)
    {
        JsonDocument document;
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        try
        {
            document = JsonDocument.Parse(body, new() { AllowDuplicateProperties = false });
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(ProblemCodes.MalformedJson, "The body has a name that is no text.");
        }
        catch (JsonException e) when (e.BytePositionInLine is null)
        {
            throw new ProblemException(ProblemCodes.MalformedJson, "The body has a field twice.");
        }
        catch (JsonException e)
        {
            var place = $"line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}";
            throw new ProblemException(ProblemCodes.MalformedJson, $"The body is not one JSON object: {place}.");
        }

        var fields = new BodyFields(document);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw new ProblemException(ProblemCodes.InvalidBody, "The body must be a JSON object.");
        }

        foreach (var member in document.RootElement.EnumerateObject())
        {
            var name = NameOf(member);
            if (known.Contains(name)) continue;
            fields.Fault(name, $"is unknown; known are {string.Join(", ", known.ToArray())}");
        }

        return fields;
    }

    /// <summary>A whole number from <paramref name="min"/> to the largest amount; faulted when absent.</summary>
    public long Points(string name, long min)
    {
        if (!Find(name, out var value))
            Fault(name, "is missing");
        else if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var points))
            Fault(name, "must be a whole number");
        else if (points < min || points > InputLimits.AmountMax || points == 0)
            Fault(name, $"must be from {min} to {InputLimits.AmountMax} and not 0");
        else
            return points;
        return 0;
    }

    /// <summary>Null when absent or wrong.</summary>
    /// <param name="lines">Line breaks and tabs are taken too.</param>
    public string? Text(string name, int max, bool lines = false)
    {
        if (!Find(name, out var value)) return null;
        var text = value.ValueKind == JsonValueKind.String ? Decode(value) : null;
        if (text is null)
            Fault(name, "must be a string");
        else if (text.Length > max)
            Fault(name, $"must have at most {max} characters, it has {text.Length}");
        else if (text.Any(c => char.IsControl(c) && !(lines && (c is '\t' or '\r' or '\n'))))
            Fault(name, "must not hold control characters");
        else
            return text;
        return null;
    }

    /// <summary>One or more of the allowed texts.</summary>
    public IReadOnlyList<string> Texts(string name, IReadOnlyList<string> allowed)
    {
        if (Find(name, out var value) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            var texts = value.EnumerateArray()
                .Select(v => v.ValueKind == JsonValueKind.String ? Decode(v) ?? "" : "").Distinct().ToList();
            if (texts.All(allowed.Contains)) return texts;
        }

        Fault(name, $"must be an array of one or more of {string.Join(", ", allowed)}");
        return [];
    }

    /// <summary>Null when absent or wrong.</summary>
    public Instant? Time(string name)
    {
        if (!Find(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && Decode(value) is { } text &&
            Rfc3339.Parse(text, out var instant) == TimeSyntax.Ok) return instant;
        Fault(name, "must be a time with an offset, such as 2026-11-20T09:30:00Z");
        return null;
    }

    /// <summary>The items of an array; faulted when absent. They live as long as this does.</summary>
    public IReadOnlyList<JsonElement> Items(string name, int max)
    {
        if (!Find(name, out var value) || value.ValueKind != JsonValueKind.Array)
            Fault(name, "must be an array");
        else if (value.GetArrayLength() > max)
            Fault(name, $"has {value.GetArrayLength()} items, at most {max} are taken");
        else
            return [.. value.EnumerateArray()];
        return [];
    }

    /// <summary>The whole object; it lives as long as this does.</summary>
    public JsonElement Root => _document.RootElement;

    /// <summary>A member as it is; null when absent. It lives as long as this does.</summary>
    public JsonElement? Member(string name) => Find(name, out var value) ? value : null;

    public void Fault(string name, string message) => _faults.TryAdd($"/{name}", message);

    public void ThrowIfWrong()
    {
        if (_faults.Count == 0) return;
        var (pointer, message) = _faults.First();
        throw new ProblemException(ProblemCodes.InvalidBody, $"{pointer} {message}.") { Errors = _faults };
    }

    public void Dispose() => _document.Dispose();

    private bool Find(string name, out JsonElement value) =>
        _document.RootElement.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Null for what is no text, also a string whose escapes are none.</summary>
    internal static string? Decode(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
