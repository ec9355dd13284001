using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Documentation;
using Lifecycle.Web.Events;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Quarantine;

/// <summary>What is in quarantine: how much by source, reason and day, and a page of it, oldest first.</summary>
/// <param name="Total">Of what is asked for.</param>
/// <param name="Counts">By source and reason, what came most often first; at most 1,000.</param>
/// <param name="Days">By the day (UTC) on which they first came, the latest first; at most 1,000.</param>
/// <param name="Items">A page of them, the oldest first.</param>
public sealed record QuarantineWire(
    QuarantineTotalWire Total, IReadOnlyList<QuarantineCountWire> Counts, IReadOnlyList<QuarantineDayWire> Days,
    IReadOnlyList<QuarantinedWire> Items, string? NextCursor);

/// <summary>How much there is in all.</summary>
/// <param name="Items">Different bodies.</param>
/// <param name="Times">How often they came in all.</param>
public sealed record QuarantineTotalWire(long Items, long Times);

/// <summary>How much came from one source for one reason.</summary>
/// <param name="Source">The source; empty where it could not be read.</param>
/// <param name="Reason">Why they could not be taken, a stable name.</param>
/// <param name="Items">Different bodies.</param>
/// <param name="Times">How often they came in all.</param>
public sealed record QuarantineCountWire(string Source, string Reason, long Items, long Times);

/// <summary>How much came first on one day.</summary>
/// <param name="Day">The day in UTC.</param>
/// <param name="Items">Different bodies.</param>
/// <param name="Times">How often they came in all.</param>
public sealed record QuarantineDayWire(DateOnly Day, long Items, long Times);

/// <summary>One event that could not be taken. Its body is sealed and not shown here.</summary>
/// <param name="Id">The number to read, replay or discard it by.</param>
/// <param name="Source">The channel or system that sent it; empty where it could not be read.</param>
/// <param name="Reason">Why it could not be taken, a stable name.</param>
/// <param name="Times">How often the same body came.</param>
/// <param name="ReceivedAt">When it first came.</param>
/// <param name="Historical">It was sent as a back-fill, and is decided at its own time.</param>
/// <param name="Format">How its body is to be read.</param>
/// <param name="Resolution">Null while it waits.</param>
public sealed record QuarantinedWire(
    long Id, string Source, string Reason, string Detail, long Times, DateTime? ReceivedAt, bool Historical,
    [property: ClosedSet(typeof(EventFormats))] string Format, QuarantineResolutionWire? Resolution)
{
    public static QuarantinedWire Of(QuarantinedItem item) => new(
        item.Id, item.Source, item.Reason, item.Detail, item.Times, item.ReceivedAt.ToWire(), item.Historical,
        item.Format,
        item.Resolution is { } r ? new(r.How, r.At.ToWire(), r.By, r.Reason, r.Note) : null);
}

/// <summary>What became of it.</summary>
/// <param name="How">Taken after all, or put aside for good.</param>
/// <param name="ResolvedAt">When.</param>
/// <param name="By">The public id of the key that did it.</param>
/// <param name="Reason">Of a discard: why, a code of whoever did it.</param>
/// <param name="Note">Of a discard: for people; null without one.</param>
public sealed record QuarantineResolutionWire(
    [property: ClosedSet(typeof(QuarantineResolutions))] string How, DateTime? ResolvedAt, string By, string? Reason,
    string? Note);

/// <summary>One item with its body.</summary>
/// <param name="Body">As it was sent.</param>
/// <param name="Event">The same as JSON; null where it is none.</param>
public sealed record QuarantinedEventWire(QuarantinedWire Item, string Body, JsonElement? Event)
{
    public static QuarantinedEventWire Of(QuarantinedItem item, byte[] body) =>
        new(QuarantinedWire.Of(item), Encoding.UTF8.GetString(body), Parse(body));

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            // Escapes that are half of a surrogate pair make no text, which is found only when it is written.
            JsonSerializer.SerializeToUtf8Bytes(document.RootElement, WireJson.Wire.JsonElement);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>What became of a replay.</summary>
/// <param name="Result">As an event's; null when the item had been replayed before.</param>
public sealed record QuarantineReplayWire(QuarantinedWire Item, EventResultWire? Result);

/// <summary>What became of many items.</summary>
/// <param name="Resolved">Now: replayed or discarded.</param>
/// <param name="Failed">Tried, and waiting with the reason of now.</param>
/// <param name="Waiting">Of the filter's, after this.</param>
/// <param name="NextCursor">To go on behind those that were tried; null at the end.</param>
public sealed record QuarantineSettledWire(long Resolved, long Failed, long Waiting, string? NextCursor);

/// <summary>Why an event will not be taken.</summary>
/// <remarks>For the documentation: bodies are read without it.</remarks>
/// <param name="Reason">A code of your own.</param>
/// <param name="Note">For people.</param>
public sealed record DiscardBody(
    [property: StringLength(InputLimits.IdMax, MinimumLength = 1)] string Reason,
    [property: StringLength(InputLimits.NoteMax)] string? Note = null);
