using System.Globalization;

namespace Lifecycle.Benchmarks.Figures;

/// <summary>The table of a run, for people.</summary>
internal static class Report
{
    public const string Legend =
        """
        Each figure is the median of its rounds, with the lowest and the highest. ratio: ours to the baseline in the same
        round, the median. lag: the longest that a committed entry waited for the table of customers. processor:
        microseconds for each unit as server + database + load; - where /proc is missing.
        """;

    public static string Render(IReadOnlyList<RowResult> results)
    {
        var table = new TextTable(
            "what", " ours", "unit", " spread", "beside", " baseline", " spread", " ratio", "target", "met", " lag",
            " processor", " beside it");
        foreach (var result in results)
        {
            if (result.Ours is not { } ours)
            {
                table.Add(result.Row.What, "-", $"not measured: {OneLine(result.Reason)}");
                continue;
            }

            AddFirst(table, result, ours);
            foreach (var compared in result.Comparisons.Skip(1)) table.Add(["", "", "", "", .. Beside(compared, ours)]);
            if (result.Reason is { } reason) table.Add("", "", "", "", $"not measured: {OneLine(reason)}");
            if (ours.Latency is { } latency) table.Add($"  {Text(latency)}");
        }

        return table.ToString();
    }

    public static string Text(Percentiles latency) => string.Create(
        CultureInfo.InvariantCulture,
        $"ms: p50 {latency.P50:0.0}, p90 {latency.P90:0.0}, p99 {latency.P99:0.0}, p99.9 {latency.P999:0.0}, max {latency.Max:0.0}");

    private static void AddFirst(TextTable table, RowResult result, Measured ours)
    {
        string[] own = [result.Row.What, Number(ours.Spread.Median), ours.Contender.Unit, Range(ours.Spread)];
        if (result.Comparisons is [var first, ..])
        {
            table.Add([.. own, .. Beside(first, ours)]);
            return;
        }

        table.Add(
        [
            .. own, "", "", "", "", result.Row.Target?.Text ?? "", Verdict(result.IsMet), Lag(ours), Cost(ours.Processor),
        ]);
    }

    private static string[] Beside(Compared compared, Measured ours) =>
    [
        compared.Baseline.Contender.Name, Number(compared.Baseline.Spread.Median), Range(compared.Baseline.Spread),
        compared.Ratio.Median.ToString("0.00", CultureInfo.InvariantCulture), TargetText(compared.Target),
        Verdict(compared.IsMet), Lag(ours), Cost(ours.Processor), Cost(compared.Baseline.Processor),
    ];

    private static string TargetText(Target? target) => target switch
    {
        null => "",
        { LagMax: { } lag } => string.Create(CultureInfo.InvariantCulture, $"{target.Text} in {lag.TotalSeconds:0} s"),
        _ => target.Text,
    };

    private static string Verdict(bool? isMet) => isMet switch
    {
        true => "yes",
        false => "no",
        null => "",
    };

    private static string Lag(Measured measured) => measured.Lag is { } lag
        ? string.Create(CultureInfo.InvariantCulture, $"{lag.TotalSeconds:0.0} s")
        : "";

    private static string Cost(ProcessorCost? cost) => cost is null
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{cost.Server:0.0}+{cost.Database:0.0}+{cost.Client:0.0}");

    public static string Number(double value) => value.ToString(value < 100 ? "0.00" : "N0", CultureInfo.InvariantCulture);

    private static string Range(Spread spread) => $"{Number(spread.Low)}..{Number(spread.High)}";

    private static string OneLine(string? text) => (text ?? "").ReplaceLineEndings(" ");
}
