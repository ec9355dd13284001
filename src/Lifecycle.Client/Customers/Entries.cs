using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Lifecycle.Client;

/// <summary>A page of a customer's history, newest first.</summary>
/// <param name="NextCursor">For the page after it; null on the last.</param>
public sealed record EntryPage(
    string Customer, long Version, IReadOnlyList<Entry> Entries, string? NextCursor = null);

/// <summary>One journaled fact.</summary>
/// <param name="Id">The input's id; empty for a tick.</param>
/// <param name="At">The instant it was decided for.</param>
/// <param name="Data">The public data of the input.</param>
public sealed record Entry(
    long Seq, string Type, string Source, string Id, JsonObject Data, IReadOnlyList<Effect> Effects, After After,
    int ProgramVersion, bool Historical = false, DateTimeOffset? OccurredAt = null, DateTimeOffset? RecordedAt = null,
    DateTimeOffset? At = null);

/// <summary>What the receipt said.</summary>
public sealed record After(
    long Available, long Pending, long Held, string Stage, DateTimeOffset? NextChangeAt = null);

/// <summary>The entries that make one member of a customer, and what they come to.</summary>
/// <param name="Value">The number itself; null for a text or a time, and where there is none.</param>
/// <param name="Text">The text or the time itself.</param>
/// <param name="Formula">How the parts give the value; null for the sum of the contributions.</param>
/// <param name="Count">Contributions in all; <paramref name="Contributions"/> are the newest of them.</param>
public sealed record Explanation(
    string Customer, long Version, string Field, int Count, IReadOnlyList<Contribution> Contributions,
    decimal? Value = null, string? Text = null, DateTimeOffset? AsOf = null, string? Formula = null,
    IReadOnlyList<ExplanationPart>? Parts = null);

/// <summary>A number or a text that the formula names.</summary>
public sealed record ExplanationPart(string Name, decimal? Value = null, string? Text = null);

/// <param name="Seq">The entry; 0 for something that is due but not journaled yet, or lies ahead.</param>
/// <param name="Part">Which part of a derived number the amount belongs to; null for the number itself.</param>
public sealed record Contribution(
    long Seq, string Type, string Id, string Cause, long? Amount = null, string? Text = null,
    DateTimeOffset? At = null, DateTimeOffset? OccurredAt = null, string? Part = null);

/// <summary>The answer to an applied input.</summary>
/// <param name="Status"><c>applied</c>, or <c>duplicate</c> for the first receipt of an input that came again.</param>
public sealed record Receipt(
    string Customer, long Version, string Status, IReadOnlyList<Effect> Effects, long Available, long Pending,
    long Held, string Stage, DateTimeOffset? NextChangeAt = null)
{
    [JsonIgnore]
    public string ETag { get; init; } = "";

    /// <summary>The command had been applied before, by this call or another: this is the first receipt.</summary>
    [JsonIgnore]
    public bool IsReplayed { get; init; }
}
