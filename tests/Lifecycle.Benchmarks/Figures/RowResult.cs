namespace Lifecycle.Benchmarks.Figures;

/// <summary>All rounds of one contender.</summary>
internal sealed record Measured(Contender Contender, IReadOnlyList<Sample> Samples)
{
    public Spread Spread { get; } = Spread.Of([.. Samples.Select(sample => sample.Value)]);

    /// <summary>The longest of all rounds.</summary>
    public TimeSpan? Lag { get; } = Samples.Max(sample => sample.Lag);

    /// <summary>Of the round whose 99th percentile is the middle one.</summary>
    public Percentiles? Latency { get; } = Samples.Select(sample => sample.Latency).OfType<Percentiles>()
        .OrderBy(latency => latency.P99).ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : null;

    public ProcessorCost? Processor { get; } = CostOf(Samples);

    private static ProcessorCost? CostOf(IReadOnlyList<Sample> samples)
    {
        var costs = samples.Select(sample => sample.Processor).OfType<ProcessorCost>().ToList();
        return costs.Count == 0
            ? null
            : new(Middle(cost => cost.Server), Middle(cost => cost.Database), Middle(cost => cost.Client));

        double Middle(Func<ProcessorCost, double> part) => Spread.Of([.. costs.Select(part)]).Median;
    }
}

/// <summary>A baseline beside ours.</summary>
/// <param name="Ratio">
/// Ours to the baseline's, of each round: what slows the machine down for a while slows both.
/// </param>
/// <param name="ProcessorRatio">
/// The processor time of a unit, the baseline's to ours: what the ratio would be if nothing but the processor bounded
/// both. It hardly moves when other work runs beside.
/// </param>
internal sealed record Compared(Measured Baseline, Spread Ratio, double? ProcessorRatio, Target? Target, bool? IsMet);

/// <summary>A row as it came out.</summary>
/// <param name="Reason">Why it was not measured, or one of its baselines; null when all was.</param>
internal sealed record RowResult(
    Row Row, Measured? Ours, bool? IsMet, IReadOnlyList<Compared> Comparisons, string? Reason)
{
    /// <param name="samples">What each contender gave; one that gave nothing is missing.</param>
    /// <param name="reasons">Why it gave nothing.</param>
    public static RowResult Of(
        Row row, IReadOnlyDictionary<Contender, List<Sample>> samples, IReadOnlyDictionary<Contender, string> reasons)
    {
        if (!samples.TryGetValue(row.Ours, out var ours))
            return new(row, null, null, [], reasons.GetValueOrDefault(row.Ours, "nothing was measured"));
        var measured = new Measured(row.Ours, ours);
        var compared = new List<Compared>();
        var missing = new List<string>();
        if (reasons.TryGetValue(row.Ours, out var early)) missing.Add($"further rounds: {early}");
        foreach (var (baseline, target) in row.Comparisons)
        {
            if (samples.TryGetValue(baseline, out var beside))
                compared.Add(Compare(measured, new(baseline, beside), target));
            else
                missing.Add($"{baseline.Name}: {reasons.GetValueOrDefault(baseline, "nothing was measured")}");
        }

        return new(
            row, measured, row.Target?.IsMetBy(measured.Spread.Median, measured.Lag), compared,
            missing.Count == 0 ? null : string.Join("; ", missing));
    }

    private static Compared Compare(Measured ours, Measured baseline, Target? target)
    {
        var ratios = ours.Samples.Zip(baseline.Samples, (a, b) => a.Value / b.Value).ToList();
        var ratio = Spread.Of(ratios);
        return new(
            baseline, ratio, baseline.Processor?.Total / ours.Processor?.Total, target,
            target?.IsMetBy(ratio.Median, ours.Lag));
    }
}
