using System.Text.Json.Serialization;

namespace Lifecycle.Benchmarks.Figures;

/// <summary>Processor time that one unit took, in microseconds, by process; null where /proc is missing.</summary>
internal sealed record ProcessorCost(double Server, double Database, double Client)
{
    [JsonIgnore]
    public double Total => Server + Database + Client;
}

/// <summary>What one round of one contender gave.</summary>
/// <param name="Value">In the unit of the contender.</param>
internal sealed record Sample(double Value)
{
    public ProcessorCost? Processor { get; init; }

    /// <summary>The longest that a committed entry waited for the table of customers.</summary>
    public TimeSpan? Lag { get; init; }

    public Percentiles? Latency { get; init; }
}

/// <summary>Latencies in milliseconds.</summary>
internal sealed record Percentiles(double P50, double P90, double P99, double P999, double Max)
{
    public static Percentiles Of(LatencyHistogram times) => new(
        times.Percentile(0.5).TotalMilliseconds, times.Percentile(0.9).TotalMilliseconds,
        times.Percentile(0.99).TotalMilliseconds, times.Percentile(0.999).TotalMilliseconds,
        times.Percentile(1).TotalMilliseconds);
}
