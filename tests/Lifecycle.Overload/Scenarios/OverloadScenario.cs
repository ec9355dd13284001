using Lifecycle.Overload.Judging;
using Lifecycle.Overload.Load;
using Lifecycle.Overload.Site;

namespace Lifecycle.Overload.Scenarios;

/// <summary>Three times of what a server with slow commits can take, then half of it.</summary>
internal static class OverloadScenario
{
    public const string Name = "overload";

    private const int Customers = 200;
    private const double Times = 3;
    private const double StatusPerSecond = 20;

    public static async Task RunAsync(OverloadOptions options, Verdict verdict)
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, Name)).FullName;
        await using var site = await OverloadSite.StartAsync(
            folder, new(options.Commit, TimeSpan.Zero), [.. options.Settings]);
        await using var meters = new MeterWatch();
        await using var load = new LoadProcess();
        var limits = site.Limits;

        var plan = new LoadPlan(
            site.Address, OverloadSite.Key, "first", [2], [Writes(0)], options.Seed, folder,
            Closed: limits.RequestsMax);
        // Everything is compiled, and every customer is in memory.
        await load.RunAsync(plan);
        plan = plan with { Prefix = "capacity", PhaseSeconds = [Math.Clamp(options.Seconds / 5, 3, 12)] };
        var most = await load.RunAsync(plan);
        var capacity = most["writes"].Phases[0].Accepted / most.Seconds;
        verdict.Say($"capacity {capacity:F0} events/s, one a request, with {options.Commit.TotalMilliseconds:F0} "
            + $"ms before each commit");

        var recovery = Math.Clamp(options.Seconds / 2, 4, 15);
        var calm = Math.Clamp(options.Seconds / 4, 2, 10);
        // In three pieces: the memory of before is read in between.
        var before = plan with
        {
            Prefix = "calm", Closed = 0, PhaseSeconds = [calm], Streams = [Writes(capacity / 2), Status(1)],
        };
        var calmly = (await load.RunAsync(before))["writes"].Phases[0];
        var heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        meters.Forget();
        var after = before with
        {
            Prefix = "over", PhaseSeconds = [options.Seconds, recovery],
            Streams = [Writes(capacity * Times, capacity / 2), Status(2)],
        };
        using var polite = new PoliteClients(site.Address, OverloadSite.Key);
        var beside = polite.RunAsync(10, TimeSpan.FromSeconds(options.Seconds));
        var result = await load.RunAsync(after);
        await beside;
        var heapAfter = GC.GetTotalMemory(forceFullCollection: true);

        var writes = result["writes"];
        var over = writes.Phases[0];
        verdict.Say($"offered {over.Due / over.Seconds:F0}/s for {over.Seconds:F0} s: {over}; sent at most "
            + $"{result.SendDelayMaxMs:F0} ms late");
        var wrong = over.Wrong + writes.Phases[1].Wrong + calmly.Wrong;
        verdict.Judge(
            over.Refused > 0 && wrong == 0 && writes.RetryAfterMin >= 1 && writes.RetryAfterMax <= 30,
            $"{over.Refused:N0} refusals are 429 with Retry-After from {writes.RetryAfterMin} to "
            + $"{writes.RetryAfterMax} s, nothing else is answered ({wrong} are neither)");
        verdict.Judge(
            over.AcceptedPerSecond >= options.TakenMin * capacity,
            $"{over.AcceptedPerSecond:F0} events/s are taken, at least {options.TakenMin} of the capacity");
        // What is late already when it is sent is not the server's doing.
        var late = options.Slack.TotalMilliseconds + result.SendDelayMaxMs;
        var bound = (limits.RequestWaitMax + 4 * options.Commit).TotalMilliseconds + late;
        verdict.Judge(
            over.P99Ms <= bound,
            $"accepted: p50 {over.P50Ms:F0}, p99 {over.P99Ms:F0}, max {over.MaxMs:F0} ms; bound {bound:F0} ms is "
            + $"RequestWaitMax, four commits and {late:F0} (calm: p99 {calmly.P99Ms:F0} ms)");
        var status = result["status"].Phases[0];
        verdict.Judge(
            status.Wrong == 0 && status.Refused == 0 && status.P99Ms <= late,
            $"status meanwhile: {status}; p50 {status.P50Ms:F1}, p99 {status.P99Ms:F1} ms, at most {late:F0}");
        // Besides those that have a place or wait, those that are being told no.
        var toldNo = (long)(over.Due / over.Seconds * late / 1_000);
        Growth.Judge(meters, limits, (heapBefore, heapAfter), (result.ConnectionsOpened, toldNo), verdict);
        JudgeRecovery(writes, calmly, options, late, verdict);
        verdict.Judge(
            polite.Early == 0 && polite.Acknowledged > 0,
            $"the C# client beside it: {polite.Acknowledged} events acknowledged, all that were sent; "
            + $"{polite.Refused} refusals, {polite.Early} tried again too early");
        var check = await JournalCheck.ReadAsync(site.Journal);
        foreach (var one in new[] { plan, before, after }) check.Judge(one, verdict);
        verdict.Judge(!site.Faults.TryTake(out var fault), $"nothing is logged as an error {fault}");
    }

    private static LoadStream Writes(params double[] perSecond) =>
        new("writes", RequestKind.Event, 0, Customers, perSecond);

    private static LoadStream Status(int phases) =>
        new("status", RequestKind.Status, 0, Customers, [.. Enumerable.Repeat(StatusPerSecond, phases)]);

    /// <summary>By the requests that were due in each second after the load had fallen.</summary>
    private static void JudgeRecovery(
        StreamResult writes, PhaseResult calmly, OverloadOptions options, double late, Verdict verdict)
    {
        var seconds = writes.Seconds.Skip((int)Math.Ceiling(options.Seconds)).ToList();
        var last = seconds.FindLastIndex(second => second.NotAccepted > 0);
        var slow = 2 * calmly.MaxMs + late;
        var settled = seconds.FindLastIndex(second => second.WorstMs > slow) + 1;
        verdict.Say($"the slowest of each second since: "
            + $"{string.Join(" ", seconds.Select(s => FormattableString.Invariant($"{s.WorstMs:F0}")))} ms");
        verdict.Judge(
            last < 4 && settled <= 5 && settled < seconds.Count,
            $"recovery: nothing is refused any more after {last + 1} s, no latency is above {slow:F0} ms after "
            + $"{settled} s (of {seconds.Count}); then at most "
            + $"{seconds.Skip(settled).Select(s => s.WorstMs).DefaultIfEmpty().Max():F0} ms");
    }
}
