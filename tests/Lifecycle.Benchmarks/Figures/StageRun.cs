namespace Lifecycle.Benchmarks.Figures;

/// <summary>Measures the rows of a stage. What cannot be measured says why and keeps nothing else from it.</summary>
internal static class StageRun
{
    /// <summary>The share of a round that is run first and thrown away.</summary>
    private const double WarmUp = 0.4;

    /// <summary>Of the round that is thrown away: programs compile their code in it, and caches fill.</summary>
    private static readonly TimeSpan WarmUpMin = TimeSpan.FromSeconds(1);

    private const string NoTime = "the time of the run was over: measure it alone with --only";

    /// <param name="cancel">What was measured until then is answered.</param>
    public static async Task<IReadOnlyList<RowResult>> RunAsync(
        Stage stage, IReadOnlyList<Row> rows, BenchOptions options, Action<string> say, CancellationToken cancel)
    {
        var samples = new Dictionary<Contender, List<Sample>>();
        var reasons = new Dictionary<Contender, string>();
        try
        {
            cancel.ThrowIfCancellationRequested();
            await stage.PrepareAsync(rows, cancel);
        }
        catch (Exception e)
        {
            var reason = cancel.IsCancellationRequested ? NoTime : e.Message;
            foreach (var contender in ContendersOf(rows)) reasons[contender] = reason;
            return [.. rows.Select(row => RowResult.Of(row, samples, reasons))];
        }

        foreach (var phase in rows.GroupBy(row => row.Phase).OrderBy(group => group.Key))
            await RunAsync(ContendersOf(phase), samples, reasons, options, say, cancel);
        return [.. rows.Select(row => RowResult.Of(row, samples, reasons))];
    }

    private static async Task RunAsync(
        Contender[] contenders, Dictionary<Contender, List<Sample>> samples, Dictionary<Contender, string> reasons,
        BenchOptions options, Action<string> say, CancellationToken cancel)
    {
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                if (reasons.ContainsKey(contender) || !Runs(contender, round)) continue;
                try
                {
                    cancel.ThrowIfCancellationRequested();
                    var time = options.RoundTime * contender.TimeShare;
                    if (round == 0) time = time * WarmUp > WarmUpMin ? time * WarmUp : WarmUpMin;
                    var sample = await contender.MeasureAsync(time, cancel);
                    if (round == 0) continue;
                    if (!samples.TryGetValue(contender, out var list)) samples[contender] = list = [];
                    list.Add(sample);
                    say($"{contender.Name}: {Report.Number(sample.Value)} {contender.Unit}");
                }
                catch (Exception e)
                {
                    reasons[contender] = cancel.IsCancellationRequested ? NoTime : e.Message;
                    // With a round missing the others would have no partner to be compared with.
                    if (!cancel.IsCancellationRequested) samples.Remove(contender);
                }
            }
        }
    }

    private static Contender[] ContendersOf(IEnumerable<Row> rows) =>
        [.. rows.SelectMany(row => row.Comparisons.Select(c => c.Baseline).Prepend(row.Ours)).Distinct()];

    private static bool Runs(Contender contender, int round) =>
        round == 0 ? contender.WarmsUp : contender.RoundsMax == 0 || round <= contender.RoundsMax;
}
