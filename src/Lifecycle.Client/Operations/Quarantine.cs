using System.Text.Json;

namespace Lifecycle.Client;

/// <summary>Which quarantined events are meant; what is null does not narrow them.</summary>
public sealed record QuarantineFilter
{
    /// <summary>Empty for those whose source could not be read.</summary>
    public string? Source { get; init; }

    /// <summary>Such as <c>missing_customer</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The day (UTC) on which they first came.</summary>
    public DateOnly? Day { get; init; }
}

/// <summary>Which quarantined events a list shows.</summary>
public enum QuarantineState
{
    Waiting,

    /// <summary>Replayed or discarded.</summary>
    Resolved,
    All,
}

/// <summary>What is in quarantine: sums, each over all that is asked for, and a page of it, oldest first.</summary>
/// <param name="Counts">By source and reason, what came most often first; at most 1,000.</param>
/// <param name="Days">By the day (UTC) on which they first came, the latest first; at most 1,000.</param>
/// <param name="NextCursor">For the page after it; null on the last.</param>
public sealed record QuarantinePage(
    QuarantineTotal Total, IReadOnlyList<QuarantineCount> Counts, IReadOnlyList<QuarantineDay> Days,
    IReadOnlyList<QuarantinedEvent> Items, string? NextCursor = null);

/// <param name="Items">Different bodies.</param>
/// <param name="Times">How often they came in all.</param>
public sealed record QuarantineTotal(long Items, long Times);

/// <param name="Items">Different bodies.</param>
/// <param name="Times">How often they came in all.</param>
public sealed record QuarantineCount(string Source, string Reason, long Items, long Times);

/// <param name="Items">Different bodies.</param>
/// <param name="Times">How often they came in all.</param>
public sealed record QuarantineDay(DateOnly Day, long Items, long Times);

/// <summary>One event that could not be taken. Its body is sealed and not shown here.</summary>
/// <param name="Format"><c>event</c> or <c>cloudevent</c>: how its body is to be read.</param>
/// <param name="Historical">It is decided at its own time.</param>
/// <param name="Resolution">Null while it waits.</param>
public sealed record QuarantinedEvent(
    long Id, string Source, string Reason, string Detail, long Times, string Format, bool Historical = false,
    DateTimeOffset? ReceivedAt = null, QuarantineResolution? Resolution = null);

/// <param name="How"><c>replayed</c> or <c>discarded</c>.</param>
/// <param name="By">The public id of the key.</param>
public sealed record QuarantineResolution(
    string How, string By, DateTimeOffset? ResolvedAt = null, string? Reason = null, string? Note = null);

/// <summary>A quarantined event with its body, which may be personal data.</summary>
/// <param name="Body">As it was sent.</param>
/// <param name="Event">The same as JSON; null where it is none.</param>
public sealed record QuarantinedBody(QuarantinedEvent Item, string Body, JsonElement? Event = null);

/// <summary>What became of a replay.</summary>
/// <param name="Item">Resolved when the event was taken, else waiting.</param>
/// <param name="Result">Null when it had been replayed before.</param>
public sealed record QuarantineReplay(QuarantinedEvent Item, EventResult? Result = null);

/// <summary>What became of many.</summary>
/// <param name="Resolved">Now; those of an attempt whose answer was lost are not among them.</param>
/// <param name="Failed">Tried, and waiting with the reason of now.</param>
/// <param name="Waiting">Of the filter's, after this.</param>
/// <param name="NextCursor">To go on behind those that were tried; null at the end.</param>
public sealed record QuarantineSettled(long Resolved, long Failed, long Waiting, string? NextCursor = null);
