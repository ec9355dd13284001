using System.Diagnostics;
using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Load;

/// <summary>What a job gave.</summary>
/// <param name="Units">Events, reads or rows that were done.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="ProcessorSeconds">Of the process of the load in that time.</param>
internal sealed record LoadResult(double Units, double Seconds, double ProcessorSeconds)
{
    public Percentiles? Latency { get; init; }

    /// <summary>The time at the beginning that counts for no rate.</summary>
    public double WarmUpSeconds { get; init; }

    /// <summary>What was done in it.</summary>
    public double WarmUpUnits { get; init; }

    public double Rate => (Units - WarmUpUnits) / (Seconds - WarmUpSeconds);
}

/// <summary>Times the part of a job that counts: what it makes ready before is left out.</summary>
internal readonly struct LoadClock
{
    private readonly long _start;
    private readonly TimeSpan _processor;

    private LoadClock(long start, TimeSpan processor) => (_start, _processor) = (start, processor);

    public static LoadClock Start() => new(Stopwatch.GetTimestamp(), Processor());

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public LoadResult End(double units, LatencyHistogram? latency = null) =>
        new(units, Elapsed.TotalSeconds, (Processor() - _processor).TotalSeconds)
        {
            Latency = latency is null ? null : Percentiles.Of(latency),
        };

    private static TimeSpan Processor() =>
        OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? Environment.CpuUsage.TotalTime
            : TimeSpan.Zero;
}
