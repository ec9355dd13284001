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

/// <summary>The entries that make one number, and their sum.</summary>
/// <param name="Value">The number itself; null for a field that is text.</param>
/// <param name="Text">The text itself, for <c>stage</c>.</param>
/// <param name="Count">Contributions in all; <paramref name="Contributions"/> are the newest of them.</param>
public sealed record Explanation(
    string Customer, long Version, string Field, int Count, IReadOnlyList<Contribution> Contributions,
    long? Value = null, string? Text = null, DateTimeOffset? AsOf = null);

/// <param name="Seq">The entry; 0 for something that is due but not journaled yet.</param>
public sealed record Contribution(
    long Seq, string Type, string Id, string Cause, long? Amount = null, string? Text = null,
    DateTimeOffset? At = null, DateTimeOffset? OccurredAt = null);

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
