using Lifecycle.Domain.Time;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Scheduling;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Programs;

/// <param name="Active">The version that inputs are decided under now.</param>
/// <param name="Document">Its YAML.</param>
/// <param name="Programs">Every stored version, newest first.</param>
/// <param name="Scheduled">Activations that are still to come, the next one first.</param>
/// <param name="Sweep">The sweep after the last change; null when there was none since the start.</param>
public sealed record ProgramsWire(
    int Active, string Document, IReadOnlyList<ProgramWire> Programs, IReadOnlyList<ActivationWire> Scheduled,
    SweepWire? Sweep);

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

/// <param name="Id">To withdraw it by.</param>
/// <param name="EffectiveAt">Null is since ever.</param>
/// <param name="Status">scheduled, active, past or withdrawn.</param>
/// <param name="Origin">Who asked: start (the configuration) or api.</param>
public sealed record ActivationWire(
    long Id, int Version, DateTime? EffectiveAt, DateTime? ScheduledAt, string Status, string Origin)
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

/// <param name="Done">Customers whose next due instant is right.</param>
/// <param name="Total">Customers in all.</param>
/// <param name="FinishedAt">Null while it is under way.</param>
public sealed record SweepWire(long Done, long Total, DateTime? StartedAt, DateTime? FinishedAt)
{
    internal static SweepWire? Of(SweepProgress? sweep) =>
        sweep is null
            ? null
            : new(sweep.Done, sweep.Total, sweep.StartedAt.ToWire(), sweep.FinishedAt.ToWire());
}

/// <param name="Name">What the document calls itself.</param>
public sealed record ProgramDocumentWire(
    int Version, string Name, DateTime? StoredAt, IReadOnlyList<ActivationWire> Activations, string Document);

/// <param name="Valid">Always true: an invalid document is a problem.</param>
/// <param name="Version">The version it is stored under; null when it is not stored.</param>
public sealed record ProgramCheckWire(bool Valid, string Name, int? Version);

/// <param name="From">A version.</param>
/// <param name="To">A version; null for the document that was sent.</param>
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

/// <param name="Kind">added, removed, changed or reordered.</param>
public sealed record ProgramChangeWire(string Path, string Kind, string? Before, string? After);
