namespace Lifecycle.Overload.Scenarios;

/// <summary>How long and how hard.</summary>
internal sealed record OverloadOptions
{
    /// <summary>How long three times the capacity is offered; the hot customer stays half as long.</summary>
    public double Seconds { get; init; } = 60;

    public int Seed { get; init; } = 1;

    /// <summary>What is waited for before each commit of the overloaded server.</summary>
    public TimeSpan Commit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The limits of the server that is overloaded; those it is shipped with by default.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; init; } = [];

    /// <summary>
    /// What a machine that does other things besides may add to any latency. Short runs in tests allow more of it.
    /// </summary>
    public TimeSpan Slack { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of the capacity that is still taken while three times as much is offered.</summary>
    public double TakenMin { get; init; } = 0.6;

    /// <summary>The folder for stores and for what the load noted.</summary>
    public required string Folder { get; init; }
}
