using Lifecycle.Crash.Disk;

namespace Lifecycle.Crash.Tests;

/// <summary>The disk of the embedded store is full, read-only or broken under load.</summary>
public sealed class DiskRunTests
{
    [Fact]
    public async Task A_disk_that_takes_nothing_is_told_and_loses_nothing()
    {
        var run = new DiskRun(
            new() { Lease = TimeSpan.FromSeconds(1), Writers = 4, Readers = 1 }, _ => { });
        await run.RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(run.Faults);
        Assert.SkipWhen(
            run.Steps.Any(step => step.StartsWith("skipped: ", StringComparison.Ordinal)),
            $"Not all of it can be done here: {string.Join(' ', run.Steps)}");
        Assert.Contains(run.Steps, step => step.StartsWith("full, then room: ready", StringComparison.Ordinal));
        Assert.Contains(run.Steps, step => step.StartsWith("takes writes again: ready", StringComparison.Ordinal));
    }
}
