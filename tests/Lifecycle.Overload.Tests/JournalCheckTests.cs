using Lifecycle.Overload.Judging;
using Lifecycle.Overload.Load;
using Lifecycle.Overload.Site;

namespace Lifecycle.Overload.Tests;

/// <summary>What is lost, or taken although it was refused, is found.</summary>
public sealed class JournalCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-check-").FullName;

    [Fact]
    public async Task An_acknowledged_event_that_is_not_there_and_a_refused_one_that_is_are_failures()
    {
        await using var site = await OverloadSite.StartAsync(_folder, Slowness.None);
        var plan = new LoadPlan(
            site.Address, OverloadSite.Key, "p", [0.5], [new("writes", RequestKind.Event, 0, 3, [100])], 1, _folder);
        using (var run = new LoadRun(plan)) await run.RunAsync();
        var check = await JournalCheck.ReadAsync(site.Journal);
        var told = await File.ReadAllBytesAsync(
            plan.OutcomesFile(plan.Streams[0]), TestContext.Current.CancellationToken);

        var right = FailuresOf(check, plan, told);
        var lost = FailuresOf(check, plan, [.. told, (byte)Outcome.Accepted]);
        var taken = FailuresOf(check, plan, [(byte)Outcome.Refused, .. told[1..]]);
        var unknown = FailuresOf(check, plan, [(byte)Outcome.Cut, .. told[1..], (byte)Outcome.Cut]);

        Assert.True(told.Length > 10);
        Assert.Empty(right);
        Assert.Contains("1 lost", Assert.Single(lost), StringComparison.Ordinal);
        Assert.Contains("of 1 refused 1 are", Assert.Single(taken), StringComparison.Ordinal);
        Assert.Empty(unknown);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IReadOnlyList<string> FailuresOf(JournalCheck check, LoadPlan plan, byte[] told)
    {
        File.WriteAllBytes(plan.OutcomesFile(plan.Streams[0]), told);
        var verdict = new Verdict("check", TextWriter.Null);
        check.Judge(plan, verdict);
        return verdict.Failures;
    }
}
