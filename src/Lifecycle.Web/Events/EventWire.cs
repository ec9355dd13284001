using System.Text.Json.Serialization;
using Lifecycle.Web.Points;

namespace Lifecycle.Web.Events;

/// <summary>What became of a request's events.</summary>
/// <param name="Results">In the order they were sent: all, those with problems, or none, as asked for.</param>
public sealed record EventsWire(int Accepted, int Duplicates, int Quarantined, IReadOnlyList<EventResultWire> Results);

/// <param name="Index">Which event of the request, from 0.</param>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c> or <c>quarantined</c>.</param>
public sealed record EventResultWire(int Index, string? Id, string? Customer, string Status)
{
    /// <summary>With <c>results=all</c>: the receipt, of a duplicate the first one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReceiptWire? Receipt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventProblemWire? Problem { get; init; }
}

/// <param name="Type">Ends with the reason, a stable name.</param>
/// <param name="Errors">By JSON pointer into the event, where fields are wrong.</param>
public sealed record EventProblemWire(string Type, string Detail, IReadOnlyDictionary<string, string> Errors);
