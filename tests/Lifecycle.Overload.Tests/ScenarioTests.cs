using Lifecycle.Overload.Judging;
using Lifecycle.Overload.Scenarios;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Lifecycle.Overload.Tests;

/// <summary>
/// Short runs of tests/Lifecycle.Overload; the long ones are a program of their own. Queues are small, so that they are
/// full at once, and what a latency may be has room for a machine that does other things besides.
/// </summary>
public abstract class ScenarioTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-overload-").FullName;
    private readonly StringWriter _output = new();

    private protected OverloadOptions Options => new()
    {
        Seconds = 2, Commit = TimeSpan.FromMilliseconds(100), Slack = TimeSpan.FromSeconds(4), TakenMin = 0.3,
        Folder = _folder,
        Settings =
        [
            ("Lifecycle:Web:RequestsMax", "64"), ("Lifecycle:Web:RequestsWaitingMax", "256"),
            ("Lifecycle:Web:RequestWaitMax", "00:00:01"),
        ],
    };

    private protected async Task HoldsAsync(Func<Verdict, Task> scenario)
    {
        var verdict = new Verdict("short", _output);
        await scenario(verdict);
        Assert.True(verdict.Failures.Count == 0, _output.ToString());
        Assert.Contains("holds", _output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _output.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed class OverloadTests : ScenarioTests
{
    [Fact]
    public Task Three_times_the_capacity_is_refused_in_order_and_leaves_nothing_behind() =>
        HoldsAsync(verdict => OverloadScenario.RunAsync(Options, verdict));
}

public sealed class HotCustomerTests : ScenarioTests
{
    [Fact]
    public Task One_hot_customer_does_not_slow_the_others() =>
        // As shipped: what protects the others is a share of the places.
        HoldsAsync(verdict => HotCustomerScenario.RunAsync(Options with { Settings = [] }, verdict));
}

public sealed class DrainTests : ScenarioTests
{
    [Fact]
    public Task A_server_that_is_told_to_stop_answers_what_it_has_taken() =>
        HoldsAsync(verdict => DrainScenario.RunAsync(Options, TimeSpan.FromSeconds(1), verdict));
}
