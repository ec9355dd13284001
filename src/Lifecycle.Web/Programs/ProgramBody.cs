using System.Text;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Programs;
using Lifecycle.Web.Problems;
using Lifecycle.Web.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Lifecycle.Web.Programs;

/// <summary>Reads what the program routes are sent, and turns what came of it into answers.</summary>
internal static class ProgramBody
{
    /// <summary>A document in JSON, where each line end takes two bytes; what is too long for a document says so itself.</summary>
    private const int BytesMax = 4 * ProgramLimits.DocumentBytesMax;

    private static readonly string[] Yaml =
        ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain"];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The document itself as YAML, or in the field <c>document</c> of a JSON object.</summary>
    public static async Task<string> ReadDocumentAsync(HttpRequest request)
    {
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType.Value! : "";
        using var body = await Body.ReadAsync(request, BytesMax);
        if (string.Equals(type, "application/json", StringComparison.OrdinalIgnoreCase)) return OfJson(body.Bytes);
        if (!Yaml.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                ProblemCodes.UnsupportedMediaType,
                "Send the document as application/yaml or text/plain, or as application/json {\"document\": \"…\"}.");
        }

        try
        {
            return Strict.GetString(body.Bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(ProblemCodes.InvalidBody, "The document is not UTF-8.");
        }
    }

    /// <summary>The instant of an activation; null for as soon as allowed.</summary>
    public static async Task<Instant?> ReadEffectiveAtAsync(HttpRequest request, int bytesMax)
    {
        using var body = await Body.ReadAsync(request, bytesMax);
        if (body.Bytes.IsEmpty) return null;
        using var fields = BodyFields.Parse(body.Bytes, "effective_at");
        Instant? effectiveAt = null;
        if (fields.Text("effective_at", InputTextMax) is { } text)
        {
            if (Rfc3339.Parse(text, out var instant) == TimeSyntax.Ok) effectiveAt = instant;
            else fields.Fault("effective_at", "must be a time with an offset, such as 2026-11-20T09:30:00Z");
        }

        fields.ThrowIfWrong();
        return effectiveAt;
    }

    /// <exception cref="ProblemException">It has errors: each by its place, <c>line:column</c>.</exception>
    public static void ThrowIfInvalid(IReadOnlyList<ProgramError> errors)
    {
        if (errors.Count == 0) return;
        throw new ProblemException(
            ProblemCodes.InvalidProgram,
            $"The document has {errors.Count} error{(errors.Count == 1 ? "" : "s")}. The first: {errors[0]}")
        {
            Errors = errors.GroupBy(e => $"{e.Line}:{e.Column}").ToDictionary(
                place => place.Key, place => string.Join(" ", place.Select(e => e.Message))),
        };
    }

    /// <exception cref="ProblemException">It was not done.</exception>
    public static ProgramOutcome<T>.Done DoneOf<T>(ProgramOutcome<T> outcome)
    {
        switch (outcome)
        {
            case ProgramOutcome<T>.Done done:
                return done;
            case ProgramOutcome<T>.Invalid invalid:
                ThrowIfInvalid(invalid.Errors);
                break;
            case ProgramOutcome<T>.Absent absent:
                throw new ProblemException(ProblemCodes.NotFound, absent.Detail);
            case ProgramOutcome<T>.Refused refused:
                throw new ProblemException(ProblemCodes.Find(refused.Code, ProblemCodes.Refused), refused.Detail);
        }

        throw new System.Diagnostics.UnreachableException($"Outcome {outcome.GetType().Name} has no answer.");
    }

    private static string OfJson(ReadOnlyMemory<byte> json)
    {
        using var fields = BodyFields.Parse(json, "document");
        var document = fields.Text("document", BytesMax, lines: true);
        if (document is null) fields.Fault("document", "is missing: it holds the YAML");
        fields.ThrowIfWrong();
        return document!;
    }

    private const int InputTextMax = 64;
}
