using System.Text.Json.Serialization;
using Lifecycle.Web.Customers;
using Lifecycle.Web.Documentation;
using Lifecycle.Web.Events;
using Lifecycle.Web.Points;

namespace Lifecycle.Web.WhatIf;

/// <summary>What would become of inputs; nothing of it was written.</summary>
/// <param name="Version">The entry that was forked from; 0 for a customer of whom nothing is known.</param>
/// <param name="At">The instant as if.</param>
/// <param name="Outcomes">One for each input, in order, each decided after the ones before it.</param>
/// <param name="View">The customer after them; null when there is none even so.</param>
public sealed record WhatIfWire(
    string Customer, long Version, DateTime? At, IReadOnlyList<WhatIfOutcomeWire> Outcomes, CustomerWire? View);

/// <summary>What would become of one input.</summary>
/// <param name="Index">Which input of the question, from 0.</param>
/// <param name="Id">The event's id, or the command's key; null where it has none.</param>
/// <param name="Status">An event is quarantined, a command refused.</param>
public sealed record WhatIfOutcomeWire(
    int Index, string? Id, [property: ClosedSet("accepted", "duplicate", "quarantined", "refused")] string Status)
{
    /// <summary>As it would be answered; of a duplicate the first one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReceiptWire? Receipt { get; init; }

    /// <summary>Why it would not be taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventProblemWire? Problem { get; init; }
}

/// <summary>The points that a basket or an event would earn; nothing was written.</summary>
/// <param name="Version">The customer's last entry; 0 for one of whom nothing is known.</param>
/// <param name="At">The instant that it is calculated for.</param>
/// <param name="Status">Of a duplicate: the event was taken before, and earned this then.</param>
/// <param name="Points">In all.</param>
/// <param name="Rules">In the order of the program.</param>
/// <param name="Available">What could be spent after it.</param>
/// <param name="Pending">What would be waiting after it.</param>
/// <param name="Stage">The stage after it.</param>
public sealed record CalculationWire(
    string Customer, long Version, DateTime? At,
    [property: ClosedSet("accepted", "duplicate")] string Status, long Points, IReadOnlyList<EarnedWire> Rules,
    long Available, long Pending, string Stage);

/// <summary>What one rule gives.</summary>
/// <param name="Rule">Its name in the program.</param>
/// <param name="AvailableAt">When it can be spent.</param>
/// <param name="ExpiresAt">When what is left of it expires; null for never.</param>
public sealed record EarnedWire(string Rule, long Points, DateTime? AvailableAt, DateTime? ExpiresAt);
