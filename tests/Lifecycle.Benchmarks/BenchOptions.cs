using System.ComponentModel.DataAnnotations;

namespace Lifecycle.Benchmarks;

/// <summary>How a run is made. What is not named is as <see cref="Full"/> or <see cref="Quick"/> says.</summary>
internal sealed record BenchOptions
{
    /// <summary>Inside 20 minutes.</summary>
    public static readonly BenchOptions Full = new()
    {
        Rounds = 3,
        RoundTime = TimeSpan.FromSeconds(2.5),
        Resident = 100_000,
        Many = 1_000_000,
        Longest = TimeSpan.FromMinutes(19),
    };

    /// <summary>Inside 4 minutes: the rows that have a target, in shorter rounds over fewer customers.</summary>
    public static readonly BenchOptions Quick = new()
    {
        Rounds = 3,
        RoundTime = TimeSpan.FromSeconds(0.8),
        Resident = 20_000,
        Many = 50_000,
        Longest = TimeSpan.FromMinutes(3.7),
        IsQuick = true,
    };

    /// <summary>
    /// Five minutes of ingest into each store, past what the caches hold, a minute at a time between its baselines:
    /// about 25 minutes.
    /// </summary>
    public static readonly BenchOptions Long = Full with
    {
        Rounds = 5,
        RoundTime = TimeSpan.FromMinutes(1),
        Longest = TimeSpan.FromHours(2),
        Sustained = true,
        Only = ["sustained"],
    };

    /// <summary>Rounds of each row, 1 to 100: its figure is the middle one.</summary>
    [Range(1, 100)]
    public required int Rounds { get; init; }

    /// <summary>How long a round takes, 0.2 to 600 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:10:00")]
    public required TimeSpan RoundTime { get; init; }

    /// <summary>Customers of the rows about resident ones, 1,000 to 1,000,000.</summary>
    [Range(1_000, 1_000_000)]
    public required int Resident { get; init; }

    /// <summary>Customers of the rows about many, 10,000 to 1,000,000: ids have seven digits.</summary>
    [Range(10_000, 1_000_000)]
    public required int Many { get; init; }

    /// <summary>After this long the run ends with what it has; rows that are missing say so.</summary>
    public required TimeSpan Longest { get; init; }

    public bool IsQuick { get; init; }

    public bool Sustained { get; init; }

    /// <summary>Only rows with these names, or whose names contain one that no row has; all when empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Without what the rows are held against: for whoever profiles.</summary>
    public bool Alone { get; init; }

    /// <summary>Where the data goes while it runs.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>A data folder whose customers are folded and kept in memory; null to have some made.</summary>
    public string? History { get; init; }

    /// <summary>The file for the results as JSON; null for none.</summary>
    public string? Output { get; init; }
}
