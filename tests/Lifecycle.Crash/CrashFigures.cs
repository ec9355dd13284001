namespace Lifecycle.Crash;

/// <summary>What a run came to.</summary>
public sealed record CrashFigures
{
    public required CrashOptions Options { get; init; }

    public required double Seconds { get; init; }

    /// <summary>By what was killed: the server, the database, or both.</summary>
    public required IReadOnlyDictionary<string, int> Kills { get; init; }

    /// <summary>Kills while at least one request that writes was under way.</summary>
    public required int KillsUnderWrites { get; init; }

    /// <summary>Stops past the lease, by how they went on.</summary>
    public required IReadOnlyDictionary<string, int> Stops { get; init; }

    /// <summary>Reads of a server that was stopped, from the moment it went on: answered, and refused.</summary>
    public required (long Answered, long Refused) AfterStops { get; init; }

    public required int Comparisons { get; init; }

    public required long Sent { get; init; }

    public required long Acknowledged { get; init; }

    public required long Unknown { get; init; }

    public required long Retried { get; init; }

    public required long Duplicates { get; init; }

    public required long Refusals { get; init; }

    public required long Later { get; init; }

    public required long Reads { get; init; }

    public required long StaleReads { get; init; }

    public required long Entries { get; init; }

    /// <summary>The longest time from a kill until the server was ready again.</summary>
    public required TimeSpan LongestRestart { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public required long FaultCount { get; init; }

    public void Write(TextWriter to)
    {
        to.WriteLine();
        to.WriteLine(
            $"kills            {Kills.Values.Sum()}: {Counts(Kills)}; {KillsUnderWrites} while a write was under way");
        to.WriteLine($"stops            {Stops.Values.Sum()}: {Counts(Stops)}");
        to.WriteLine($"reads after them {AfterStops.Answered} answered, {AfterStops.Refused} refused with 503");
        to.WriteLine($"inputs           {Sent} sent, {Acknowledged} acknowledged, {Unknown} of unknown fate");
        to.WriteLine($"                 {Retried} sent again, {Duplicates} known already, {Refusals} refused");
        to.WriteLine($"answers 429, 503 {Later} to writers");
        to.WriteLine($"reads            {Reads}, {StaleReads} stale");
        to.WriteLine($"journal          {Entries} entries, compared {Comparisons} times");
        to.WriteLine($"ready again      after {LongestRestart.TotalSeconds:F1} s at the longest");
        to.WriteLine();
        foreach (var fault in Faults) to.WriteLine(fault);
        to.WriteLine($"{Options.Store}, seed {Options.Seed}: {Seconds:F0} s, {FaultCount} faults");
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.OrderBy(c => c.Key).Select(c => $"{c.Value} {c.Key}"));
}
