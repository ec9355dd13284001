using System.Text.Json.Serialization;
using Lifecycle.Domain.Customers;
using Lifecycle.Engine;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Customers;

/// <summary>The entries that make one member of a customer, and what they come to.</summary>
/// <param name="Value">The number itself; null for a text or a time, and where there is none.</param>
/// <param name="Text">The text or the time itself.</param>
/// <param name="Formula">How the parts give the value; null for the sum of the contributions.</param>
/// <param name="Parts">The numbers and texts that the formula names.</param>
/// <param name="Count">Contributions in all.</param>
/// <param name="Contributions">The newest of them, newest first.</param>
public sealed record ExplanationWire(
    string Customer, long Version, string Field, decimal? Value, string? Text, string? Formula,
    IReadOnlyList<ExplanationPartWire> Parts, int Count, IReadOnlyList<ContributionWire> Contributions,
    DateTime? AsOf) : IVersioned<ExplanationWire>
{
    /// <summary>Only without a field: the paths that can be explained; <c>n</c> is a place from 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Fields { get; init; }

    public ExplanationWire WithoutInstant() => this with { AsOf = null };

    public static ExplanationWire OfFields(string customer, Extent extent) =>
        new(customer, extent.DecidedSeq, "", null, null, null, [], 0, [], extent.Instant.ToWire())
        {
            Fields = Explainer.Fields,
        };

    public static ExplanationWire Of(string customer, Explanation e) => new(
        customer, e.Version, e.Field, e.Value, e.Text, e.Formula,
        [.. e.Parts.Select(p => new ExplanationPartWire(p.Name, p.Value, p.Text))], e.Count,
        [.. e.Contributions.Select(ContributionWire.Of)], e.AsOf.ToWire());
}

/// <summary>A part of a derived value: a number or a text.</summary>
/// <param name="Value">The number; null for a text.</param>
/// <param name="Text">The text or time; null for a number.</param>
public sealed record ExplanationPartWire(string Name, decimal? Value, string? Text);

/// <summary>What one entry contributes.</summary>
/// <param name="Type">The input's type.</param>
/// <param name="Id">The input's id; empty for a tick.</param>
/// <param name="Amount">What it adds to the number or to its part; null where nothing is added up.</param>
/// <param name="Text">The text that it set; null for a number.</param>
/// <param name="Seq">The entry; 0 for something that is due but not journaled yet, or lies ahead.</param>
/// <param name="Part">Which part of a derived number the amount belongs to; null for the number itself.</param>
public sealed record ContributionWire(
    long Seq, DateTime? At, DateTime? OccurredAt, string Type, string Id, string Cause, long? Amount, string? Text,
    string? Part)
{
    internal static ContributionWire Of(Contribution c) => new(
        c.Seq, c.At.ToWire(), c.OccurredAt.ToWire(), c.Type, c.InputId, c.Cause, c.Amount, c.Text, c.Part);
}
