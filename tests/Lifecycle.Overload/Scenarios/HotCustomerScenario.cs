using Lifecycle.Overload.Judging;
using Lifecycle.Overload.Load;
using Lifecycle.Overload.Site;

namespace Lifecycle.Overload.Scenarios;

/// <summary>
/// A hundred customers, one of whom gets as many requests as the others together: a hundred times a share, and more
/// than one customer can take, for each of the events has to be looked up first and one customer takes them one by one.
/// </summary>
internal static class HotCustomerScenario
{
    public const string Name = "hot customer";

    private const int Customers = 100;
    private static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LookUp = TimeSpan.FromMilliseconds(20);

    /// <summary>Requests a second of the others together; one customer takes about 45.</summary>
    private const double PerSecond = 400;

    public static async Task RunAsync(OverloadOptions options, Verdict verdict)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, "hot")).FullName;
        await using var site = await OverloadSite.StartAsync(folder, new(Commit, LookUp), [.. options.Settings]);
        await using var load = new LoadProcess();
        var quiet = Math.Clamp(options.Seconds / 4, 2, 15);
        // The first events of a customer need no look-up; and everything is compiled.
        var plan = new LoadPlan(
            site.Address, OverloadSite.Key, "first", [Math.Clamp(options.Seconds, 2.5, 5)], [Others(PerSecond)],
            options.Seed, folder);
        await load.RunAsync(plan);
        var both = plan with
        {
            Prefix = "hot", PhaseSeconds = [quiet, Math.Max(options.Seconds / 2, 3)],
            Streams = [Others(PerSecond, PerSecond), new("hot", RequestKind.LateEvent, 0, 1, [0, PerSecond])],
        };
        var result = await load.RunAsync(both);

        var (without, with) = (result["others"].Phases[0], result["others"].Phases[1]);
        var hot = result["hot"].Phases[1];
        verdict.Say($"{PerSecond:F0} requests/s for {Customers - 1} customers: {without}; p50 "
            + $"{without.P50Ms:F0}, p99 {without.P99Ms:F0}, max {without.MaxMs:F0} ms");
        var bound = 2 * without.P99Ms + options.Slack.TotalMilliseconds / 4 + result.SendDelayMaxMs;
        verdict.Judge(
            with.Accepted == with.Due && with.P99Ms <= bound,
            $"and as many again for one more, the {Customers - 1}: {with}; p50 {with.P50Ms:F0}, p99 "
            + $"{with.P99Ms:F0}, max {with.MaxMs:F0} ms, p99 at most {bound:F0}");
        var retryAfter = (Min: result["hot"].RetryAfterMin, Max: result["hot"].RetryAfterMax);
        verdict.Judge(
            hot.Refused > 0 && hot.Wrong == 0 && retryAfter is { Min: >= 1, Max: <= 30 },
            $"the hot one: {hot}; refused with Retry-After from {retryAfter.Min} to {retryAfter.Max} s within "
            + $"{hot.RefusedP99Ms:F0} ms at p99");
        verdict.Judge(
            hot.AcceptedPerSecond >= 10,
            $"the hot one goes on: {hot.AcceptedPerSecond:F0} events/s, p50 {hot.P50Ms:F0}, p99 {hot.P99Ms:F0} ms");
        var check = await JournalCheck.ReadAsync(site.Journal);
        check.Judge(plan, verdict);
        check.Judge(both, verdict);
        verdict.Judge(!site.Faults.TryTake(out var fault), $"nothing is logged as an error {fault}");
    }

    private static LoadStream Others(params double[] perSecond) =>
        new("others", RequestKind.LateEvent, 1, Customers - 1, perSecond);
}
