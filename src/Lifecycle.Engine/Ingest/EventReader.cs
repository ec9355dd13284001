using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Ingest;

/// <summary>
/// Reads events straight from UTF-8: one JSON object, an array of them, or objects one after another (NDJSON). One
/// event that cannot be understood never spoils the others; a body that is not JSON spoils all.
/// </summary>
public static class EventReader
{
    private static readonly JsonReaderOptions Options = new()
    {
        AllowMultipleValues = true,
        MaxDepth = EventReaderLimits.DepthMax,
    };

    /// <summary>Never throws for what is in the body.</summary>
    /// <param name="body">The whole body; nothing read from it keeps a reference to it.</param>
    /// <param name="now">Our clock: the time of events that name none, and the measure of the future.</param>
    public static EventBatch Read(ReadOnlyMemory<byte> body, Instant now, EventReaderLimits limits)
    {
        var origin = body.Span.StartsWith("\uFEFF"u8) ? 3 : 0;
        body = body[origin..];
        // The reader looks into no string, so bytes that are no text would come out as an exception much later.
        if (!Utf8.IsValid(body.Span)) return Malformed(InvalidUtf8At(body.Span), body.Span, "is not UTF-8");

        var reader = new Utf8JsonReader(body.Span, Options);
        try
        {
            return ReadAll(ref reader, new EventParser(body, origin, now, limits), limits);
        }
        catch (JsonException e)
        {
            var (line, at) = ((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
            // On a token that opens a level the reader counts the levels around it.
            var what = reader.CurrentDepth < EventReaderLimits.DepthMax - 1
                ? "is not JSON"
                : $"is not JSON of at most {EventReaderLimits.DepthMax} levels";
            return new([], new(false, line, at, $"The body {what}: line {line}, byte {at}. Nothing was taken."));
        }
    }

    private static EventBatch ReadAll(ref Utf8JsonReader reader, EventParser parser, EventReaderLimits limits)
    {
        var events = ImmutableArray.CreateBuilder<EventRead>();
        var (any, inArray) = (false, false);
        while (reader.Read())
        {
            any = true;
            if (!inArray && reader.TokenType == JsonTokenType.StartArray)
            {
                inArray = true;
                continue;
            }

            if (inArray && reader.TokenType == JsonTokenType.EndArray)
            {
                inArray = false;
                continue;
            }

            if (events.Count == limits.EventsMax)
                return new(
                    [], new(true, 0, 0, $"A request takes at most {limits.EventsMax} events. Nothing was taken."));
            events.Add(parser.Read(ref reader));
        }

        return any
            ? new(events.DrainToImmutable(), null)
            : new([], new(false, 1, 1, "The body is empty: send an event, an array of events, or NDJSON."));
    }

    private static EventBatch Malformed(int offset, ReadOnlySpan<byte> body, string what)
    {
        var before = body[..offset];
        var (line, at) = (before.Count((byte)'\n') + 1, offset - before.LastIndexOf((byte)'\n'));
        return new([], new(false, line, at, $"The body {what}: line {line}, byte {at}. Nothing was taken."));
    }

    private static int InvalidUtf8At(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (System.Text.Rune.DecodeFromUtf8(body[at..], out _, out var used) == System.Buffers.OperationStatus.Done)
            at += used;
        return at;
    }
}
