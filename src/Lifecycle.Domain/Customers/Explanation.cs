using System.Collections.Immutable;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>The entries that make one member of the view, and what they come to.</summary>
/// <param name="Field">As asked: <c>points.available</c>.</param>
/// <param name="Value">The number itself; null for a member that is text or a time, and where there is none.</param>
/// <param name="Text">The text or the time itself; null for a number, and where there is none.</param>
/// <param name="Version">The last entry that was decided by the instant.</param>
/// <param name="AsOf">The instant it is true for.</param>
/// <param name="Formula">How <paramref name="Parts"/> give the value; null for a sum of the contributions.</param>
/// <param name="Parts">The numbers and texts that the formula names.</param>
/// <param name="Count">How many contributions there are in all.</param>
/// <param name="Contributions">Newest first.</param>
public sealed record Explanation(
    string Field, decimal? Value, string? Text, long Version, Instant AsOf, string? Formula,
    ImmutableArray<ExplanationPart> Parts, int Count, ImmutableArray<Contribution> Contributions)
{
    /// <summary>The customer's own id, where an alias was asked for; null where it is the same.</summary>
    public string? Customer { get; init; }
}

/// <summary>A part of a derived value: a number or a text.</summary>
public sealed record ExplanationPart(string Name, decimal? Value, string? Text);

/// <param name="Seq">The entry; 0 for something that is due at <paramref name="At"/> but not journaled yet.</param>
/// <param name="At">The instant the entry was decided for.</param>
/// <param name="OccurredAt">When its input happened.</param>
/// <param name="Type">The input's type.</param>
/// <param name="InputId">The input's id; empty for a tick.</param>
/// <param name="Cause">The effect, in words of the domain.</param>
/// <param name="Amount">What it adds to the number, or to its part; null where nothing is added up.</param>
/// <param name="Text">For a text field, the value it set.</param>
/// <param name="Part">Which part of a derived number the amount belongs to; null for the number itself.</param>
public sealed record Contribution(
    long Seq, Instant At, Instant OccurredAt, string Type, string InputId, string Cause, long? Amount, string? Text,
    string? Part);

/// <summary>The customer whose view is explained.</summary>
/// <param name="Settled">Points and stage, with what is due by the instant.</param>
/// <param name="Facts">The state that the metrics are of.</param>
/// <param name="Programs">For what is due later.</param>
/// <param name="Instant">The instant that everything is true for.</param>
public sealed record Standing(SettledState Settled, CustomerState Facts, ProgramSchedule Programs, Instant Instant)
{
    internal ImmutableArray<ExpiringPoints> Expiring { get; } = Views.ExpiringOf(Settled.State);

    internal ImmutableArray<WarningView> Warnings { get; } = Views.WarningsOf(Facts, Settled.Program, Instant);
}
