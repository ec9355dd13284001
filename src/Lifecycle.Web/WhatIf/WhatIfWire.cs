using Lifecycle.Web.Customers;
using Lifecycle.Web.Events;

namespace Lifecycle.Web.WhatIf;

/// <summary>What would become of inputs; nothing of it was written.</summary>
/// <param name="Version">The entry that was forked from; 0 for a customer of whom nothing is known.</param>
/// <param name="At">The instant as if.</param>
/// <param name="Outcomes">One for each input, in order, each decided after the ones before it.</param>
/// <param name="View">The customer after them; null when there is none even so.</param>
public sealed record WhatIfWire(
    string Customer, long Version, DateTime? At, IReadOnlyList<EventResultWire> Outcomes, CustomerWire? View);

/// <summary>The points that a basket or an event would earn; nothing was written.</summary>
/// <param name="Version">The customer's last entry; 0 for one of whom nothing is known.</param>
/// <param name="Status"><c>accepted</c>, or <c>duplicate</c>: the event was taken before and earned this then.</param>
/// <param name="Points">In all.</param>
/// <param name="Rules">In the order of the program.</param>
/// <param name="Available">The balance after it.</param>
public sealed record CalculationWire(
    string Customer, long Version, DateTime? At, string Status, long Points, IReadOnlyList<EarnedWire> Rules,
    long Available, long Pending, string Stage);

/// <summary>What one rule gives.</summary>
/// <param name="Rule">Its name in the program.</param>
/// <param name="AvailableAt">When it can be spent.</param>
/// <param name="ExpiresAt">When what is left of it expires; null for never.</param>
public sealed record EarnedWire(string Rule, long Points, DateTime? AvailableAt, DateTime? ExpiresAt);
