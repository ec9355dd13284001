using System.Text.Json;
using System.Text.Unicode;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Events;
using Lifecycle.Web.Problems;

namespace Lifecycle.Web.CloudEvents;

/// <summary>
/// Reads CloudEvents 1.0 in their JSON format: each is written anew as an event of ours, which the one reader of events
/// then takes. What is wrong with one never spoils the others.
/// </summary>
internal static class CloudEventReader
{
    // Data that is no object gets a level more when it becomes an event of ours.
    private const int DepthMax = EventReaderLimits.DepthMax - 1;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax };

    /// <param name="body">One CloudEvent, or an array of them.</param>
    /// <exception cref="ProblemException">The body is not JSON, or holds too many.</exception>
    public static EventOutcome[] Read(
        ReadOnlyMemory<byte> body, Instant now, EventReaderLimits limits, bool historical)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        using var document = Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Array) return [Read(root, now, limits, historical)];
        if (root.GetArrayLength() > limits.EventsMax)
            throw new ProblemException(
                ProblemCodes.TooManyEvents, $"A request takes at most {limits.EventsMax} events. Nothing was taken.");
        return [.. root.EnumerateArray().Select(json => Read(json, now, limits, historical))];
    }

    /// <exception cref="ProblemException">It is none.</exception>
    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
            throw new ProblemException(ProblemCodes.MalformedJson, "The body is not UTF-8. Nothing was taken.");
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException e)
        {
            var place = $"line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}";
            throw new ProblemException(
                ProblemCodes.MalformedJson,
                $"The body is not JSON of at most {DepthMax} levels: {place}. Nothing was taken.");
        }
    }

    private static EventOutcome Read(JsonElement json, Instant now, EventReaderLimits limits, bool historical)
    {
        var (bytes, faults) = CloudEventTranslation.ToEvent(json);
        var read = EventReader.Read(bytes, now, limits with { EventsMax = 1 }).Events[0];
        var problem = Named(read.Problem);
        if (faults.Any)
        {
            var ours = faults.ToProblem();
            var errors = new Dictionary<string, string>(ours.Errors);
            foreach (var (pointer, message) in problem?.Errors ?? ours.Errors) errors.TryAdd(pointer, message);
            problem = ours with { Errors = errors };
        }

        return new(read, System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(json).ToArray())
        {
            Historical = historical,
            Format = EventFormats.CloudEvent,
            Problem = problem,
        };
    }

    /// <summary>The sender knows the time by its name in a CloudEvent.</summary>
    private static EventProblem? Named(EventProblem? problem)
    {
        const string ours = "/occurred_at";
        const string theirs = "/time";
        if (problem?.Errors.ContainsKey(ours) != true) return problem;
        return problem with
        {
            Detail = problem.Detail.Replace(ours, theirs, StringComparison.Ordinal),
            Errors = problem.Errors.ToDictionary(e => e.Key == ours ? theirs : e.Key, e => e.Value),
        };
    }
}
