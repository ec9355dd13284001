namespace Lifecycle.Crash;

/// <summary>What a run does.</summary>
public sealed record CrashOptions
{
    /// <summary><c>sqlite</c>, <c>postgres</c>, or <c>cluster</c>: several processes on one PostgreSQL.</summary>
    public string Store { get; init; } = "sqlite";

    public int Kills { get; init; } = 20;

    /// <summary>Stops of the server past its lease.</summary>
    public int Stops { get; init; } = 2;

    /// <summary>Draws what is sent and when what is killed; the instants themselves are the machine's.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The run ends after this long, whatever was asked for.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.MaxValue;

    /// <summary>Kills after which everything is compared; it also is at the end.</summary>
    public int CompareEvery { get; init; } = 20;

    public int Writers { get; init; } = 8;

    public int Readers { get; init; } = 3;

    public int Customers { get; init; } = 48;

    /// <summary>Processes of a cluster.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>How often each process of a cluster is restarted in turn, instead of kills and stops.</summary>
    public int Rolling { get; init; }

    /// <summary>Clients of a cluster who have a customer of their own and retry at once.</summary>
    public int Probes { get; init; } = 12;

    /// <summary>Whether <c>lifecycle verify</c> looks at the store of a cluster at the end.</summary>
    public bool IsVerified { get; init; } = true;

    /// <summary>The lease of the servers: the default is longer than the patience of a run with many stops.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// For how many leases a client of a cluster may go without an answer. The default is what is promised; a run beside
    /// other work on few cores may allow more.
    /// </summary>
    public int PauseLeasesMax { get; init; } = 2;

    /// <summary>How long the load runs before a crash is aimed, at most.</summary>
    public TimeSpan CalmMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the data of the run goes; kept when something is wrong.</summary>
    public string Folder { get; init; } = Path.GetTempPath();
}
