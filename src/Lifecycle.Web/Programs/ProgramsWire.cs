using Lifecycle.Domain.Time;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Scheduling;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Documentation;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Programs;

/// <summary>The programs.</summary>
/// <param name="Active">The version that inputs are decided under now.</param>
/// <param name="Document">Its YAML.</param>
/// <param name="Programs">Every stored version, newest first.</param>
/// <param name="Scheduled">Activations that are still to come, the next one first.</param>
/// <param name="Sweep">The sweep after the last change; null when there was none since the start.</param>
public sealed record ProgramsWire(
    int Active, string Document, IReadOnlyList<ProgramWire> Programs, IReadOnlyList<ActivationWire> Scheduled,
    SweepWire? Sweep);

/// <summary>A stored version.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="EffectiveAt">When it last took or takes effect; null since ever, or for one never activated.</param>
/// <param name="StoredAt">When it was stored.</param>
/// <param name="Activations">When it rules, oldest first; withdrawn ones too.</param>
public sealed record ProgramWire(
    int Version, DateTime? EffectiveAt, DateTime? StoredAt, IReadOnlyList<ActivationWire> Activations)
{
    internal static ProgramWire Of(KnownPrograms known, StoredProgram program, Instant now)
    {
        var activations = known.Activations.Where(a => a.Version == program.Version).ToList();
        return new(
            program.Version, activations.LastOrDefault(a => a.WithdrawnAt is null)?.EffectiveAt.ToWire(),
            program.StoredAt.ToWire(), [.. activations.Select(a => ActivationWire.Of(known, a, now))]);
    }
}

/// <summary>That a version rules from an instant on, until the next activation.</summary>
/// <param name="Id">To withdraw it by.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="EffectiveAt">Null is since ever.</param>
/// <param name="ScheduledAt">When somebody asked for it.</param>
/// <param name="Status">scheduled, active, past or withdrawn.</param>
/// <param name="Origin">Who asked: start (the configuration) or api.</param>
public sealed record ActivationWire(
    long Id, int Version, DateTime? EffectiveAt, DateTime? ScheduledAt,
    [property: ClosedSet("scheduled", "active", "past", "withdrawn")] string Status,
    [property: ClosedSet(typeof(ActivationOrigins))] string Origin)
{
    internal static ActivationWire Of(KnownPrograms known, StoredActivation activation, Instant now)
    {
        var status = activation.WithdrawnAt is not null ? "withdrawn"
            : activation.EffectiveAt > now ? "scheduled"
            : activation == known.ActiveAt(now) ? "active"
            : "past";
        return new(
            activation.Id, activation.Version, activation.EffectiveAt.ToWire(), activation.ScheduledAt.ToWire(), status,
            activation.Origin);
    }
}

/// <summary>How far the sweep after a change of the programs has come.</summary>
/// <param name="Done">Customers whose next due instant is right.</param>
/// <param name="Total">Customers in all.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">Null while it is under way.</param>
public sealed record SweepWire(long Done, long Total, DateTime? StartedAt, DateTime? FinishedAt)
{
    internal static SweepWire? Of(SweepProgress? sweep) =>
        sweep is null
            ? null
            : new(sweep.Done, sweep.Total, sweep.StartedAt.ToWire(), sweep.FinishedAt.ToWire());
}

/// <summary>A program with its document.</summary>
/// <param name="Version">Its number, from 1; null for one that was only checked.</param>
/// <param name="Name">What the document calls itself.</param>
/// <param name="StoredAt">When it was stored; null for one that was only checked.</param>
/// <param name="Activations">When it rules, oldest first; withdrawn ones too.</param>
/// <param name="Document">The YAML as it was given.</param>
public sealed record ProgramDocumentWire(
    int? Version, string Name, DateTime? StoredAt, IReadOnlyList<ActivationWire> Activations, string Document);

/// <summary>What changes from one program to another.</summary>
/// <param name="From">A version.</param>
/// <param name="To">A version; null for the document that was sent.</param>
/// <param name="Changes">In the order of the documents; none for two that say the same.</param>
/// <param name="Lines">The same for people, a line a change.</param>
public sealed record ProgramDiffWire(
    int From, int? To, IReadOnlyList<ProgramChangeWire> Changes, IReadOnlyList<string> Lines)
{
    internal static ProgramDiffWire Of(StoredProgram from, int? to, string document)
    {
        var changes = ProgramDiff.Between(from.Document, document);
        return new(
            from.Version, to, [.. changes.Select(c => new ProgramChangeWire(c.Path, c.Kind, c.Before, c.After))],
            [.. changes.Select(c => c.ToString())]);
    }
}

/// <summary>One difference.</summary>
/// <param name="Path">Keys parted by dots, the parts of a list by name: <c>stages[Loyal].when</c>.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="Before">As it was written; null for what was added.</param>
/// <param name="After">As it is written; null for what was removed.</param>
public sealed record ProgramChangeWire(
    string Path, [property: ClosedSet(typeof(ProgramChangeKinds))] string Kind, string? Before, string? After);
