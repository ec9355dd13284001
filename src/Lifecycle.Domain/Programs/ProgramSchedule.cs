using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Programs;

/// <param name="Program">A validated version.</param>
/// <param name="EffectiveAt">Inputs decided for this instant or later are under it, until the next one.</param>
public sealed record ScheduledProgram(Program Program, Instant EffectiveAt);

/// <summary>Which version of the program rules when. Immutable; never empty.</summary>
public sealed class ProgramSchedule
{
    private readonly ImmutableArray<ScheduledProgram> _changes;

    /// <param name="versions">
    /// In the order in which they were scheduled. A version may come several times: whoever rolls back activates an
    /// older one again.
    /// </param>
    /// <exception cref="ArgumentException">There is no version.</exception>
    public ProgramSchedule(IEnumerable<ScheduledProgram> versions)
    {
        var changes = ImmutableArray.CreateBuilder<ScheduledProgram>();
        // A stable order: of two that take effect together the one that was scheduled later rules.
        foreach (var next in versions.OrderBy(v => v.EffectiveAt))
        {
            if (changes.Count > 0 && changes[^1].EffectiveAt == next.EffectiveAt) changes.RemoveAt(changes.Count - 1);
            if (changes.Count == 0 || changes[^1].Program.Version != next.Program.Version) changes.Add(next);
        }

        if (changes.Count == 0)
            throw new ArgumentException("A schedule needs at least one program.", nameof(versions));
        _changes = changes.ToImmutable();
    }

    /// <summary>What really changes: one program an instant, each another version than the one before.</summary>
    public ImmutableArray<ScheduledProgram> Changes => _changes;

    /// <summary>
    /// The version that an input decided for this instant is under: the last that took effect at or before it. The
    /// first one also rules everything before it.
    /// </summary>
    public Program At(Instant instant) => _changes[IndexAt(instant)].Program;

    /// <summary>The next instant at which another version takes effect; <see cref="Instant.Never"/> if none.</summary>
    public Instant NextChangeAfter(Instant instant)
    {
        // The first one rules from the beginning, so that its own instant changes nothing.
        var next = IndexAt(instant) + 1;
        return next < _changes.Length ? _changes[next].EffectiveAt : Instant.Never;
    }

    /// <summary>
    /// When a tick is due next for a customer: when time changes something, or another program takes over, whichever
    /// comes first. Views, ticks, the scheduler and the projection all ask here.
    /// </summary>
    public Instant DueAt(CustomerState state) =>
        // Of an alias nothing is left that a program could change.
        state.Seq == 0 || state.MergedInto is not null
            ? Instant.Never
            : Instant.Min(state.DueAt, NextChangeAfter(state.At));

    private int IndexAt(Instant instant)
    {
        var (low, high) = (0, _changes.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_changes[middle].EffectiveAt <= instant) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
