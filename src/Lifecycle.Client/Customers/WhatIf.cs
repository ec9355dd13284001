using System.Text.Json.Serialization;

namespace Lifecycle.Client;

/// <summary>What might happen to a customer: an event or a command.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(WhatIfEvent))]
[JsonDerivedType(typeof(WhatIfRedemption), "points.redeem")]
[JsonDerivedType(typeof(WhatIfAdjustment), "points.adjust")]
public abstract record WhatIfInput
{
    private protected WhatIfInput()
    {
    }
}

/// <summary>An event as if.</summary>
/// <param name="Type">One of <see cref="EventTypes"/>, or a name of your own.</param>
public sealed record WhatIfEvent(string Type) : WhatIfInput
{
    /// <summary>One is made when null.</summary>
    public string? Id { get; init; }

    public string? Source { get; init; }

    /// <summary>The instant as if when null.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    public EventData? Data { get; init; }
}

/// <summary>A redemption as if.</summary>
public sealed record WhatIfRedemption(
    long Points, string? Reference = null, string? Note = null, string? IdempotencyKey = null) : WhatIfInput;

/// <summary>An adjustment as if.</summary>
public sealed record WhatIfAdjustment(
    long Points, string Reason, string? Note = null, string? IdempotencyKey = null) : WhatIfInput;

/// <summary>What would become of inputs; nothing of it was written.</summary>
/// <param name="Version">The entry that was forked from; 0 for a customer of whom nothing is known.</param>
/// <param name="Outcomes">One for each input, in order, each decided after the ones before it.</param>
/// <param name="At">The instant as if.</param>
/// <param name="View">The customer after them; null when there is none even so.</param>
public sealed record WhatIf(
    string Customer, long Version, IReadOnlyList<WhatIfOutcome> Outcomes, DateTimeOffset? At = null,
    Customer? View = null);

/// <param name="Index">Which input, from 0.</param>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c>, <c>quarantined</c> (an event) or <c>refused</c>.</param>
/// <param name="Id">The event's id, or the command's key; null where it has none.</param>
/// <param name="Receipt">As it would be answered; of a duplicate the first one.</param>
/// <param name="Problem">Why it would not be taken.</param>
public sealed record WhatIfOutcome(
    int Index, string Status, string? Id = null, Receipt? Receipt = null, EventProblem? Problem = null);

/// <summary>The points that a basket or an event would earn now; nothing was written.</summary>
/// <param name="Version">The customer's last entry; 0 for one of whom nothing is known.</param>
/// <param name="Status"><c>accepted</c>, or <c>duplicate</c>: the event was taken before, and earned this then.</param>
/// <param name="Points">In all.</param>
/// <param name="Rules">In the order of the program.</param>
/// <param name="Available">What could be spent after it.</param>
/// <param name="Pending">What would be waiting after it.</param>
/// <param name="Stage">The stage after it.</param>
public sealed record Calculation(
    string Customer, long Version, string Status, long Points, IReadOnlyList<EarnedPoints> Rules, long Available,
    long Pending, string Stage, DateTimeOffset? At = null);

/// <summary>What one rule gives.</summary>
/// <param name="AvailableAt">When it can be spent.</param>
/// <param name="ExpiresAt">When what is left of it expires; null for never.</param>
public sealed record EarnedPoints(
    string Rule, long Points, DateTimeOffset? AvailableAt = null, DateTimeOffset? ExpiresAt = null);
