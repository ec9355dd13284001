using System.Text.Json.Serialization;

namespace Lifecycle.Client;

/// <param name="Stored">Every stored version, newest first.</param>
/// <param name="Active">The version that inputs are decided under now; null before the first takes effect.</param>
/// <param name="Document">Its YAML.</param>
/// <param name="Scheduled">Activations that are still to come, the next one first.</param>
/// <param name="Sweep">How far the sweep after the last change has come.</param>
public sealed record Programs(
    [property: JsonPropertyName("programs")] IReadOnlyList<ProgramVersion> Stored, int? Active = null,
    string? Document = null, IReadOnlyList<Activation>? Scheduled = null, Sweep? Sweep = null);

/// <param name="EffectiveAt">Null since ever, or for one never activated.</param>
/// <param name="Activations">When it rules, oldest first.</param>
public sealed record ProgramVersion(
    int Version, DateTimeOffset? EffectiveAt = null, DateTimeOffset? StoredAt = null,
    IReadOnlyList<Activation>? Activations = null);

/// <summary>A program with its document.</summary>
/// <param name="Version">Null for one that was only checked.</param>
public sealed record ProgramDocument(
    string Name, string Document, IReadOnlyList<Activation> Activations, int? Version = null,
    DateTimeOffset? StoredAt = null);

/// <summary>That a version rules from an instant on, until the next activation.</summary>
/// <param name="Status"><c>scheduled</c>, <c>active</c>, <c>past</c> or <c>withdrawn</c>.</param>
public sealed record Activation(
    long Id, int Version, string Status, string Origin, DateTimeOffset? EffectiveAt = null,
    DateTimeOffset? ScheduledAt = null);

/// <summary>How far the sweep after a change of the programs has come.</summary>
public sealed record Sweep(
    long Done, long Total, DateTimeOffset? StartedAt = null, DateTimeOffset? FinishedAt = null);

/// <summary>What changes from one program to another.</summary>
/// <param name="To">Null for the document that was sent.</param>
/// <param name="Lines">The changes for people, a line each.</param>
public sealed record ProgramDiff(
    int From, IReadOnlyList<ProgramChange> Changes, IReadOnlyList<string> Lines, int? To = null);

/// <param name="Path">Keys parted by dots, the parts of a list by name: <c>stages[Loyal].when</c>.</param>
public sealed record ProgramChange(string Path, string Kind, string? Before = null, string? After = null);

internal sealed record DocumentBody(string Document);

internal sealed record ActivationBody(DateTimeOffset? EffectiveAt);
