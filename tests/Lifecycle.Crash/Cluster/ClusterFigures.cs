namespace Lifecycle.Crash.Cluster;

/// <summary>What a run over a cluster came to.</summary>
public sealed record ClusterFigures
{
    public required CrashOptions Options { get; init; }

    public required double Seconds { get; init; }

    /// <summary>By what was done: the longest pause of each.</summary>
    public required IReadOnlyDictionary<string, List<TimeSpan>> Acts { get; init; }

    /// <summary>Reads of a process that was stopped, from the moment it went on: answered, and refused.</summary>
    public required (long Answered, long Refused) AfterStops { get; init; }

    public required int Comparisons { get; init; }

    public required long Entries { get; init; }

    public required long Sent { get; init; }

    public required long Acknowledged { get; init; }

    public required long Unknown { get; init; }

    public required long Retried { get; init; }

    public required long Duplicates { get; init; }

    public required long Reads { get; init; }

    public required long StaleReads { get; init; }

    /// <summary>Connections that could not be made.</summary>
    public required long Refused { get; init; }

    /// <summary>Requests that nobody knows the fate of.</summary>
    public required long BrokenOff { get; init; }

    /// <summary>Answers of 429 and 503.</summary>
    public required long Later { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public required long FaultCount { get; init; }

    public void Write(TextWriter to)
    {
        to.WriteLine();
        foreach (var (act, pauses) in Acts)
        {
            to.WriteLine(
                $"{pauses.Count,3} {act,-40} pause {pauses.Max().TotalSeconds:F1} s at the longest, "
                + $"{pauses.Order().ElementAt(pauses.Count / 2).TotalSeconds:F1} s in the middle");
        }

        to.WriteLine($"inputs           {Sent} sent, {Acknowledged} acknowledged, {Unknown} of unknown fate");
        to.WriteLine($"                 {Retried} sent again, {Duplicates} known already");
        to.WriteLine($"requests         {Later} answered 429 or 503, {BrokenOff} broken off, {Refused} not connected");
        to.WriteLine($"reads            {Reads}, {StaleReads} stale");
        to.WriteLine($"reads after stops {AfterStops.Answered} answered, {AfterStops.Refused} refused with 503");
        to.WriteLine($"journal          {Entries} entries, compared {Comparisons} times");
        to.WriteLine();
        foreach (var fault in Faults) to.WriteLine(fault);
        to.WriteLine(
            $"cluster of {Options.Silos}, lease {Options.Lease.TotalSeconds:F0} s, seed {Options.Seed}: "
            + $"{Seconds:F0} s, {FaultCount} faults");
    }
}
