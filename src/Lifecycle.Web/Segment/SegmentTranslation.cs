using System.Buffers;
using System.Text.Json;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Access;

namespace Lifecycle.Web.Segment;

/// <summary>Two ids of one person, as a message had them.</summary>
internal sealed record IdPair(string User, string Other);

/// <summary>
/// Messages written as events of ours, one a line, for the same reader, checks and quarantine as any other event. The
/// text of an event does not depend on when its message was sent, so a message that comes again is the same event.
/// </summary>
/// <param name="request">Whose messages they are.</param>
/// <param name="call">Of the route; null for a batch, whose messages have a type each.</param>
/// <param name="ids">For messages without an id.</param>
/// <param name="currency">What amounts are in that name no currency.</param>
/// <param name="eventBytesMax">Bytes of one message.</param>
internal sealed class SegmentTranslation(
    SegmentRequest request, SegmentCall? call, IIdSource ids, string currency, int eventBytesMax)
{
    /// <summary>The source of events that name a user: an event is known by customer, source and id.</summary>
    public const string Source = "segment";

    /// <summary>
    /// The source of events that name an anonymous id and no user: an id that has only these is not known to be a
    /// customer, and may be linked to one.
    /// </summary>
    public const string AnonymousSource = "segment-anonymous";

    private static readonly JsonWriterOptions Relaxed = new() { SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Dictionary<int, EventProblem> _problems = [];
    private readonly Dictionary<int, IdPair> _pairs = [];
    private readonly Faults _faults = new();

    public ReadOnlyMemory<byte> Lines => _lines.WrittenMemory;

    /// <summary>By the event's place among the lines.</summary>
    public IReadOnlyDictionary<int, EventProblem> Problems => _problems;

    /// <summary>By the event's place among the lines.</summary>
    public IReadOnlyDictionary<int, IdPair> Pairs => _pairs;

    /// <summary>Writes so many messages from one on, in place of those before.</summary>
    public void Write(int first, int count)
    {
        _lines.ResetWrittenCount();
        _problems.Clear();
        _pairs.Clear();
        for (var i = 0; i < count; i++)
        {
            _faults.Clear();
            using (var json = new Utf8JsonWriter(_lines, Relaxed)) Write(json, request.Messages[first + i], i);
            _lines.Write("\n"u8);
            if (_faults.Any) _problems[i] = _faults.ToProblem();
        }
    }

    private void Write(Utf8JsonWriter json, JsonElement message, int index)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            _faults.Add(QuarantineReasons.InvalidField, "", "must be a JSON object");
            WriteUnread(json, message);
        }
        else if (!request.IsText && !SegmentJson.IsText(message.RawOf()))
        {
            _faults.Add(QuarantineReasons.InvalidField, "", "must be text: it has half of a surrogate pair");
            WriteUnread(json, message);
        }
        else
        {
            if (message.RawOf().Length is var length && length > eventBytesMax)
                _faults.Add(
                    QuarantineReasons.EventTooLarge, "", $"has {length} bytes, at most {eventBytesMax} are taken");
            WriteEvent(json, message, index);
        }
    }

    private static void WriteUnread(Utf8JsonWriter json, JsonElement message)
    {
        json.WriteStartObject();
        json.WriteString("source", Source);
        json.WritePropertyName("message");
        json.WriteRawValue(message.RawOf(), skipInputValidation: true);
        json.WriteEndObject();
    }

    private void WriteEvent(Utf8JsonWriter json, JsonElement message, int index)
    {
        var kind = call ?? KindOf(message);
        var (user, anonymous) = (message.Get("userId").TextOf(), message.Get("anonymousId").TextOf());
        if (kind == SegmentCall.Alias && user is null)
            _faults.Add(QuarantineReasons.MissingCustomer, "/userId", "is missing: an alias needs the id to keep");
        else if (user is null && anonymous is null)
            _faults.Add(QuarantineReasons.MissingCustomer, "/userId", "is missing, and so is anonymousId");

        json.WriteStartObject();
        WriteId(json, message);
        json.WriteString("source", user is null && anonymous is not null ? AnonymousSource : Source);
        if ((user ?? anonymous) is { } customer) json.WriteString("customer", customer);
        if (TimeOf(message) is var time && time.IsThere())
        {
            json.WritePropertyName("occurred_at");
            json.WriteRawValue(time.RawOf(), skipInputValidation: true);
        }

        var writer = new MessageWriter(json, message, ContextOf(message), _faults, currency);
        if (kind is { } known) writer.Write(known);
        else writer.WriteUnknown();
        writer.WriteContext();
        if (user is not null && anonymous is not null) json.WriteString("anonymous_id", anonymous);
        json.WriteEndObject();

        var other = kind == SegmentCall.Alias ? message.Get("previousId").TextOf() : anonymous;
        if (user is not null && other is not null && user != other) _pairs[index] = new(user, other);
    }

    private SegmentCall? KindOf(JsonElement message)
    {
        var type = message.Get("type");
        if (type.ValueKind == JsonValueKind.String && SegmentCalls.Find(type.GetString()) is { } kind) return kind;
        _faults.Add(
            type.IsThere() ? QuarantineReasons.InvalidField : QuarantineReasons.MissingField, "/type",
            "must be track, identify, page, screen, group or alias");
        return null;
    }

    private void WriteId(Utf8JsonWriter json, JsonElement message)
    {
        var id = message.Get("messageId");
        json.WritePropertyName("id");
        if (!id.IsThere() || id.IsEmptyText()) json.WriteStringValue(ids.Next());
        else if (id.TextOf() is { } text) json.WriteStringValue(text);
        else json.WriteRawValue(id.RawOf(), skipInputValidation: true);
    }

    /// <summary>What the caller said that the time was goes before when the call was made.</summary>
    private static JsonElement TimeOf(JsonElement message) =>
        message.Get("timestamp") is var time && time.IsThere() && !time.IsEmptyText()
            ? time
            : message.Get("originalTimestamp");

    private MergedContext ContextOf(JsonElement message) => new(message.Get("context"), request.SharedContext);
}
