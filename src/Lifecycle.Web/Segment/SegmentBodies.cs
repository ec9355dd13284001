using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lifecycle.Domain.Inputs;

namespace Lifecycle.Web.Segment;

/// <summary>One call as Segment and RudderStack clients send it. Members beside these are taken too.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Type">track, identify, page, screen, group or alias; in a batch each call needs it.</param>
/// <param name="MessageId">The call is taken once under this id; given by the server when absent.</param>
/// <param name="UserId">The customer.</param>
/// <param name="AnonymousId">The customer where there is no userId; linked to it where there are both.</param>
/// <param name="Timestamp">When it happened by the client's clock; originalTimestamp is taken too.</param>
/// <param name="SentAt">When the request was sent by the client's clock: corrects the timestamp.</param>
/// <param name="Event">Of a track call: the name of the event.</param>
/// <param name="Name">Of a page or screen call: its name.</param>
/// <param name="GroupId">Of a group call: the group.</param>
/// <param name="PreviousId">Of an alias call: the id that the customer had before.</param>
/// <param name="Properties">Of a track, page or screen call.</param>
/// <param name="Traits">Of an identify or group call: who it is. Sealed.</param>
/// <param name="Context">What surrounded the call. Sealed.</param>
/// <param name="WriteKey">The API key, where no header carries it.</param>
public sealed record SegmentMessageBody(
    [property: JsonPropertyName("type")] string? Type = null,
    [property: JsonPropertyName("messageId"), StringLength(InputLimits.IdMax)] string? MessageId = null,
    [property: JsonPropertyName("userId"), StringLength(InputLimits.IdMax)] string? UserId = null,
    [property: JsonPropertyName("anonymousId"), StringLength(InputLimits.IdMax)] string? AnonymousId = null,
    [property: JsonPropertyName("timestamp")] DateTime? Timestamp = null,
    [property: JsonPropertyName("sentAt")] DateTime? SentAt = null,
    [property: JsonPropertyName("event")] string? Event = null,
    [property: JsonPropertyName("name")] string? Name = null,
    [property: JsonPropertyName("groupId")] string? GroupId = null,
    [property: JsonPropertyName("previousId"), StringLength(InputLimits.IdMax)] string? PreviousId = null,
    [property: JsonPropertyName("properties")] IReadOnlyDictionary<string, JsonElement>? Properties = null,
    [property: JsonPropertyName("traits")] IReadOnlyDictionary<string, JsonElement>? Traits = null,
    [property: JsonPropertyName("context")] IReadOnlyDictionary<string, JsonElement>? Context = null,
    [property: JsonPropertyName("writeKey")] string? WriteKey = null);

/// <summary>Calls in one request.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Batch">The calls, each with its type.</param>
/// <param name="SentAt">When the request was sent by the client's clock: corrects the timestamps.</param>
/// <param name="Context">Merged into the context of each call.</param>
/// <param name="WriteKey">The API key, where no header carries it.</param>
public sealed record SegmentBatchBody(
    [property: JsonPropertyName("batch")] IReadOnlyList<SegmentMessageBody> Batch,
    [property: JsonPropertyName("sentAt")] DateTime? SentAt = null,
    [property: JsonPropertyName("context")] IReadOnlyDictionary<string, JsonElement>? Context = null,
    [property: JsonPropertyName("writeKey")] string? WriteKey = null);
