using System.Globalization;

namespace Lifecycle.Benchmarks.Figures;

/// <summary>The table of a run, for people.</summary>
internal static class Report
{
    public const string Legend =
        """
        Each figure is the median of its rounds; range: the lowest and the highest. ratio: ours to the line's, in the
        same round, the median. lag: the longest that a committed entry waited for the table of customers. processor:
        microseconds for each unit as server + database + load; - where /proc is missing. by it: the ratio that the
        processor time of all of them alone would give.
        """;

    public static string Render(IReadOnlyList<RowResult> results)
    {
        var table = new TextTable(
            "what, and what it stands beside", " figure", "unit", " range", " ratio", "target", "met", " lag",
            " processor", " by it");
        foreach (var result in results)
        {
            if (result.Ours is not { } ours)
            {
                table.Add($"{result.Row.What}: not measured. {OneLine(result.Reason)}");
                continue;
            }

            table.Add(
            [
                .. Figure(result.Row.What, ours), "", TargetText(result.Row.Target), Verdict(result.IsMet),
                ours.Lag is { } lag ? Text($"{lag.TotalSeconds:0.0} s") : "", Cost(ours.Processor),
            ]);
            foreach (var (baseline, ratio, byProcessor, target, isMet) in result.Comparisons)
            {
                table.Add(
                [
                    .. Figure($"  {baseline.Contender.Name}", baseline), Text($"{ratio.Median:0.00}"),
                    TargetText(target), Verdict(isMet), "", Cost(baseline.Processor),
                    byProcessor is { } share ? Text($"{share:0.00}") : "",
                ]);
            }

            if (ours.Latency is { } latency) table.Add($"  {Text(latency)}");
            if (result.Reason is { } reason) table.Add($"  not measured: {OneLine(reason)}");
        }

        return table.ToString();
    }

    /// <summary>With as many digits as say something.</summary>
    public static string Number(double value) =>
        value.ToString(value < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture);

    private static string[] Figure(string name, Measured measured) =>
    [
        name, Number(measured.Spread.Median), measured.Contender.Unit,
        $"{Number(measured.Spread.Low)}..{Number(measured.Spread.High)}",
    ];

    private static string Text(Percentiles latency) => Text(
        $"""
        milliseconds: p50 {latency.P50:0.0}, p90 {latency.P90:0.0}, p99 {latency.P99:0.0}, p99.9 {latency.P999:0.0}
        """) + Text($", max {latency.Max:0.0}");

    private static string TargetText(Target? target) => target switch
    {
        null => "",
        { LagMax: { } lag } => Text($"{target.Text} in {lag.TotalSeconds:0} s"),
        _ => target.Text,
    };

    private static string Verdict(bool? isMet) => isMet switch
    {
        true => "yes",
        false => "no",
        null => "",
    };

    private static string Cost(ProcessorCost? cost) =>
        cost is null ? "-" : Text($"{cost.Server:0.0}+{cost.Database:0.0}+{cost.Client:0.0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ");
}
