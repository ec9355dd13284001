using Lifecycle.Domain.Customers;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Customers;

/// <summary>The entries that make one number, and their sum.</summary>
/// <param name="Value">The number itself; null for a field that is text.</param>
/// <param name="Text">The text itself, for <c>stage</c>.</param>
/// <param name="Count">Contributions in all.</param>
/// <param name="Contributions">The newest of them, newest first.</param>
public sealed record ExplanationWire(
    string Customer, long Version, string Field, long? Value, string? Text, int Count,
    IReadOnlyList<ContributionWire> Contributions, DateTime? AsOf) : IVersioned<ExplanationWire>
{
    public ExplanationWire WithoutInstant() => this with { AsOf = null };

    public static ExplanationWire Of(string customer, long version, Explanation e) => new(
        customer, version, e.Field, e.Value, e.Text, e.Count,
        [.. e.Contributions.Select(ContributionWire.Of)], e.AsOf.ToWire());
}

/// <summary>What one entry contributes.</summary>
/// <param name="Type">The input's type.</param>
/// <param name="Id">The input's id; empty for a tick.</param>
/// <param name="Amount">What it adds; null for a field that is text.</param>
/// <param name="Text">The text that it set; null for a number.</param>
/// <param name="Seq">The entry; 0 for something that is due but not journaled yet.</param>
public sealed record ContributionWire(
    long Seq, DateTime? At, DateTime? OccurredAt, string Type, string Id, string Cause, long? Amount, string? Text)
{
    internal static ContributionWire Of(Contribution c) =>
        new(c.Seq, c.At.ToWire(), c.OccurredAt.ToWire(), c.Type, c.InputId, c.Cause, c.Amount, c.Text);
}
