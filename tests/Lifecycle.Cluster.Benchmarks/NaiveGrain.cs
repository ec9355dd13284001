namespace Lifecycle.Cluster.Benchmarks;

/// <summary>
/// What one would write with Orleans alone: the state of a customer in a grain, written with each event. It knows the
/// last events, adds up orders and points, and does nothing else.
/// </summary>
[Alias("benchmarks.naive")]
public interface INaiveGrain : IGrainWithStringKey
{
    [Alias("apply")]
    Task<long> ApplyAsync(NaiveEvent taken);

    [Alias("status")]
    Task<NaiveStatus> StatusAsync();
}

[GenerateSerializer, Immutable, Alias("benchmarks.naive_event")]
public sealed record NaiveEvent(
    [property: Id(0)] string Id, [property: Id(1)] string Order, [property: Id(2)] long AmountMinor,
    [property: Id(3)] DateTimeOffset OccurredAt);

[GenerateSerializer, Immutable, Alias("benchmarks.naive_status")]
public sealed record NaiveStatus(
    [property: Id(0)] long Version, [property: Id(1)] long Points, [property: Id(2)] string Stage);

[GenerateSerializer, Alias("benchmarks.naive_state")]
public sealed class NaiveState
{
    [Id(0)]
    public long Version { get; set; }

    [Id(1)]
    public long Points { get; set; }

    [Id(2)]
    public long Orders { get; set; }

    [Id(3)]
    public long SpendMinor { get; set; }

    [Id(4)]
    public DateTimeOffset LastOrderAt { get; set; }

    /// <summary>The last events, so that one of them is not taken twice.</summary>
    [Id(5)]
    public List<string> Recent { get; set; } = [];
}

[GrainType("naive")]
public sealed class NaiveGrain(
    [PersistentState("naive", NaiveGrain.Storage)] IPersistentState<NaiveState> state) : Grain, INaiveGrain
{
    public const string Storage = "naive";

    private const int RecentMax = 8;
    private const int MinorPerPoint = 100;

    public async Task<long> ApplyAsync(NaiveEvent taken)
    {
        var known = state.State;
        if (known.Recent.Contains(taken.Id)) return known.Points;
        known.Version++;
        known.Orders++;
        known.SpendMinor += taken.AmountMinor;
        known.Points += taken.AmountMinor / MinorPerPoint;
        known.LastOrderAt = taken.OccurredAt;
        if (known.Recent.Count == RecentMax) known.Recent.RemoveAt(0);
        known.Recent.Add(taken.Id);
        await state.WriteStateAsync();
        return known.Points;
    }

    public Task<NaiveStatus> StatusAsync() =>
        Task.FromResult(new NaiveStatus(state.State.Version, state.State.Points, "active"));
}
