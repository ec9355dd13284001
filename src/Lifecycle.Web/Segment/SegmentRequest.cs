using System.Text.Json;
using System.Text.Unicode;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Problems;

namespace Lifecycle.Web.Segment;

/// <summary>A request of a Segment client: one message, or a batch of them.</summary>
internal sealed class SegmentRequest : IDisposable
{
    /// <summary>Levels of a body: an event of ours has a few more than the message that it is made of.</summary>
    private const int DepthMax = EventReaderLimits.DepthMax - 4;

    private readonly JsonDocument _document;

    private SegmentRequest(JsonDocument document, SegmentCall? call)
    {
        _document = document;
        var root = document.RootElement;
        WriteKey = root.Get("writeKey").TextOf();
        SharedContext = call is null ? root.Get("context") : default;
        IsText = SegmentJson.IsText(root.RawOf());
        // It goes into every message, so there is no single one to blame.
        if (!IsText && SharedContext.IsThere() && !SegmentJson.IsText(SharedContext.RawOf()))
            throw new InvalidOperationException("The context is not text.");
        Messages = call is null ? [.. root.GetProperty("batch").EnumerateArray()] : [root];
        SentAt = root.Get("sentAt").TextOf() ?? SentAtOfMessage();
    }

    public IReadOnlyList<JsonElement> Messages { get; }

    /// <summary>Merged into each message of a batch.</summary>
    public JsonElement SharedContext { get; }

    public string? WriteKey { get; }

    /// <summary>The client's clock when it sent the request.</summary>
    public string? SentAt { get; }

    /// <summary>Every string in it is text; if not, each message has to be looked at.</summary>
    public bool IsText { get; }

    /// <param name="body">The bytes stay in use until the request is disposed.</param>
    /// <param name="call">The route's; null for a batch.</param>
    /// <exception cref="ProblemException">It is not JSON, or not what the route takes.</exception>
    public static SegmentRequest Parse(ReadOnlyMemory<byte> body, SegmentCall? call)
    {
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        if (!Utf8.IsValid(body.Span)) throw Malformed("The body is not UTF-8. Nothing was taken.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = DepthMax });
        }
        catch (JsonException e)
        {
            throw Malformed(
                $"The body is not JSON of at most {DepthMax} levels: line {e.LineNumber + 1}, byte "
                + $"{e.BytePositionInLine + 1}. Nothing was taken.");
        }

        try
        {
            Check(document.RootElement, call);
            return new(document, call);
        }
        catch (InvalidOperationException)
        {
            document.Dispose();
            throw Malformed("A text in the body is half of a surrogate pair. Nothing was taken.");
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    public void Dispose() => _document.Dispose();

    private static void Check(JsonElement root, SegmentCall? call)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemCodes.InvalidBody, "The body must be a JSON object. Nothing was taken.");
        if (call is null && root.Get("batch").ValueKind != JsonValueKind.Array)
            throw ProblemException.Of(ProblemCodes.InvalidBody, "/batch", "must be an array of messages");
    }

    private static ProblemException Malformed(string detail) => new(ProblemCodes.MalformedJson, detail);

    /// <summary>Some clients stamp each message and not the batch; those of one request were sent together.</summary>
    private string? SentAtOfMessage()
    {
        foreach (var message in Messages)
            if (message.Get("sentAt") is { ValueKind: JsonValueKind.String } sent) return sent.GetString();
        return null;
    }
}
