using Lifecycle.Domain.Customers;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Customers;

/// <summary>The entries that make one member of a customer, and what they come to.</summary>
/// <param name="Value">The number itself; null for a text or a time, and where there is none.</param>
/// <param name="Text">The text or the time itself.</param>
/// <param name="Formula">How the parts give the value; null for the sum of the contributions.</param>
/// <param name="Count">Contributions in all; <paramref name="Contributions"/> are the newest of them.</param>
public sealed record ExplanationWire(
    string Customer, long Version, string Field, decimal? Value, string? Text, string? Formula,
    IReadOnlyList<ExplanationPartWire> Parts, int Count, IReadOnlyList<ContributionWire> Contributions,
    DateTime? AsOf) : IVersioned<ExplanationWire>
{
    public ExplanationWire WithoutInstant() => this with { AsOf = null };

    public static ExplanationWire Of(string customer, Explanation e) => new(
        customer, e.Version, e.Field, e.Value, e.Text, e.Formula,
        [.. e.Parts.Select(p => new ExplanationPartWire(p.Name, p.Value, p.Text))], e.Count,
        [.. e.Contributions.Select(ContributionWire.Of)], e.AsOf.ToWire());
}

/// <summary>A number or a text that the formula names.</summary>
public sealed record ExplanationPartWire(string Name, decimal? Value, string? Text);

/// <param name="Seq">The entry; 0 for something that is due but not journaled yet, or lies ahead.</param>
/// <param name="Part">Which part of a derived number the amount belongs to.</param>
public sealed record ContributionWire(
    long Seq, DateTime? At, DateTime? OccurredAt, string Type, string Id, string Cause, long? Amount, string? Text,
    string? Part)
{
    internal static ContributionWire Of(Contribution c) => new(
        c.Seq, c.At.ToWire(), c.OccurredAt.ToWire(), c.Type, c.InputId, c.Cause, c.Amount, c.Text, c.Part);
}

/// <summary>The fields that can be explained.</summary>
/// <param name="Fields">Paths in the customer; <c>n</c> is a place from 0.</param>
public sealed record ExplainableWire(string Customer, long Version, IReadOnlyList<string> Fields)
    : IVersioned<ExplainableWire>
{
    public ExplainableWire WithoutInstant() => this;
}
