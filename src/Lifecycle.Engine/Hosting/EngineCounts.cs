using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// What an engine has done since it was opened, counted where it happens. Nobody has to listen: a count is a field, and
/// the meter of the host reads it when it is asked.
/// </summary>
internal sealed class EngineCounts(TimeProvider time)
{
    /// <summary>How inputs were answered, by the values of the tag <c>outcome</c>. For ever.</summary>
    public static readonly ImmutableArray<string> Outcomes =
        ["accepted", "duplicate", "refused", "unacceptable", "id_reused", "stale"];

    private readonly long[] _inputs = new long[Outcomes.Length];
    private long _entries;
    private long _commitsFailed;

    /// <summary>Null, as the next two, until a host has a meter.</summary>
    public Histogram<double>? CommitDuration { get; set; }

    public Histogram<long>? CommitSize { get; set; }

    public Histogram<double>? ActivationDuration { get; set; }

    /// <summary>Entries that this process has committed.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>Commits that failed, or of which nobody knows.</summary>
    public long CommitsFailed => Interlocked.Read(ref _commitsFailed);

    /// <summary>By the places of <see cref="Outcomes"/>.</summary>
    public long Inputs(int outcome) => Interlocked.Read(ref _inputs[outcome]);

    /// <summary>For durations.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>What inputs are answered is durable.</summary>
    public void Answered(ImmutableArray<Outcome> outcomes)
    {
        foreach (var outcome in outcomes) Interlocked.Increment(ref _inputs[PlaceOf(outcome)]);
    }

    public void Committed(int entries, long start)
    {
        Interlocked.Add(ref _entries, entries);
        CommitDuration?.Record(time.GetElapsedTime(start).TotalSeconds);
        CommitSize?.Record(entries);
    }

    public void CommitFailed() => Interlocked.Increment(ref _commitsFailed);

    /// <summary>A customer was folded from the store.</summary>
    public void Activated(long start) => ActivationDuration?.Record(time.GetElapsedTime(start).TotalSeconds);

    private static int PlaceOf(Outcome outcome) => outcome switch
    {
        Outcome.Accepted { Replayed: false } => 0,
        Outcome.Accepted or Outcome.Refused { Replayed: true } => 1,
        Outcome.Refused => 2,
        Outcome.Unacceptable => 3,
        Outcome.IdReused => 4,
        Outcome.Stale => 5,
        _ => throw new UnreachableException($"An input was answered with {outcome.GetType()}."),
    };
}
