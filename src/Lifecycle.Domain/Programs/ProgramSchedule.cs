using System.Collections.Immutable;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Programs;

/// <param name="Program">A validated version.</param>
/// <param name="EffectiveAt">Inputs decided for this instant or later are under it, until the next one.</param>
public sealed record ScheduledProgram(Program Program, Instant EffectiveAt);

/// <summary>Which version of the program rules when. Immutable; never empty.</summary>
public sealed class ProgramSchedule
{
    private readonly ImmutableArray<ScheduledProgram> _versions;

    /// <exception cref="ArgumentException">There is no version, or one is there twice.</exception>
    public ProgramSchedule(IEnumerable<ScheduledProgram> versions)
    {
        _versions = [.. versions.OrderBy(v => v.EffectiveAt).ThenBy(v => v.Program.Version)];
        if (_versions.IsEmpty) throw new ArgumentException("A schedule needs at least one program.", nameof(versions));
        if (_versions.DistinctBy(v => v.Program.Version).Count() < _versions.Length)
            throw new ArgumentException("A program version is scheduled twice.", nameof(versions));
    }

    /// <summary>By <see cref="ScheduledProgram.EffectiveAt"/>, then by version.</summary>
    public ImmutableArray<ScheduledProgram> Versions => _versions;

    /// <summary>
    /// The version that an input decided for this instant is under: the last that took effect at or before it, the
    /// higher version of two that did together. The first one also rules everything before it.
    /// </summary>
    public Program At(Instant instant)
    {
        var (low, high) = (0, _versions.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_versions[middle].EffectiveAt <= instant) low = middle;
            else high = middle - 1;
        }

        return _versions[low].Program;
    }

    /// <summary>The next instant at which another version takes effect; <see cref="Instant.Never"/> if none.</summary>
    public Instant NextChangeAfter(Instant instant)
    {
        foreach (var version in _versions.AsSpan()[1..])
            if (version.EffectiveAt > instant) return version.EffectiveAt;
        return Instant.Never;
    }
}
