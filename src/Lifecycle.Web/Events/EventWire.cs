using System.Text.Json.Serialization;
using Lifecycle.Web.Documentation;
using Lifecycle.Web.Points;

namespace Lifecycle.Web.Events;

/// <summary>What became of a request's events.</summary>
/// <param name="Accepted">How many were taken for the first time.</param>
/// <param name="Duplicates">How many had been taken before.</param>
/// <param name="Quarantined">How many could not be taken and are kept with the reason.</param>
/// <param name="Results">In the order they were sent: all, those with problems, or none, as asked for.</param>
public sealed record EventsWire(int Accepted, int Duplicates, int Quarantined, IReadOnlyList<EventResultWire> Results);

/// <summary>What became of one event.</summary>
/// <param name="Index">Which event of the request, from 0.</param>
/// <param name="Id">The event's id; null where it has none that could be read.</param>
/// <param name="Customer">The event's customer; null where it has none that could be read.</param>
/// <param name="Status">What became of it.</param>
public sealed record EventResultWire(
    int Index, string? Id, string? Customer,
    [property: ClosedSet("accepted", "duplicate", "quarantined")] string Status)
{
    /// <summary>With <c>results=all</c>: the receipt, of a duplicate the first one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReceiptWire? Receipt { get; init; }

    /// <summary>Why it is in quarantine.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventProblemWire? Problem { get; init; }
}

/// <summary>Why an event could not be taken.</summary>
/// <param name="Type">Ends with the reason, a stable name.</param>
/// <param name="Errors">By JSON pointer into the event, where fields are wrong.</param>
public sealed record EventProblemWire(string Type, string Detail, IReadOnlyDictionary<string, string> Errors);
