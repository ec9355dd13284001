using System.Collections.Concurrent;
using System.Diagnostics;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

/// <summary>Spans lead from whoever asked to what was done for many, and failures are on them.</summary>
public sealed class EngineTraceTests : IDisposable
{
    private readonly ActivitySource _source = new($"test of {nameof(EngineTraceTests)}");
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = [];

    public EngineTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == _source || source.Name == EngineTrace.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_is_part_of_the_first_trace_and_linked_with_the_others_in_both_directions()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        var now = fixture.Clock.Now;
        for (var i = 0; i < 3; i++) await fixture.SendAsync($"c{i}", Some.Visit("w", now));
        var hold = store!.Appends.HoldAppends();
        var before = AskAsync("before", () => fixture.SendAsync("c0", Some.Visit("v", now)));
        await hold.Arrived.WaitAsync(Cancel);
        var first = AskAsync("first", () => fixture.SendAsync("c1", Some.Visit("v", now)));
        var second = AskAsync("second", () => fixture.SendAsync("c2", Some.Visit("v", now)));
        hold.Release();

        var askers = await Task.WhenAll(before, first, second);

        var commits = _ended.Where(span => span.OperationName == EngineTrace.Commit).ToList();
        var alone = Assert.Single(commits, span => span.ParentSpanId == askers[0].SpanId);
        Assert.Empty(alone.Links);
        var together = Assert.Single(commits, span => span.ParentSpanId == askers[1].SpanId);
        Assert.Equal(2, together.GetTagItem(EngineTrace.Entries));
        Assert.Equal(askers[2].SpanId, Assert.Single(together.Links).Context.SpanId);
        Assert.Equal(together.SpanId, Assert.Single(askers[2].Links).Context.SpanId);
        Assert.Equal(askers[1].TraceId, together.TraceId);
    }

    [Fact]
    public async Task A_read_of_a_customer_from_the_store_is_below_whoever_asked()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("c", Some.Visit("w", fixture.Clock.Now));
        await fixture.ReopenAsync();

        var asker = await AskAsync("reader", () => fixture.SendAsync("c", Some.Visit("w", fixture.Clock.Now)));

        var load = Assert.Single(_ended, span => span.OperationName == EngineTrace.Load && span.TraceId == asker.TraceId);
        Assert.Equal(asker.SpanId, load.ParentSpanId);
        Assert.Equal(1, load.GetTagItem(EngineTrace.Customers));
    }

    [Fact]
    public async Task A_commit_that_fails_says_so_and_is_counted_and_its_inputs_are_counted_once()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        store!.Appends.FailBefore();

        var asker = await AskAsync("sender", () => fixture.SendAsync("c", Some.Visit("v", fixture.Clock.Now)));

        var commits = _ended.Where(span => span.OperationName == EngineTrace.Commit && span.TraceId == asker.TraceId);
        Assert.Contains(ActivityStatusCode.Error, commits.Select(span => span.Status));
        var counts = fixture.Engine.Counts;
        Assert.Equal((1, 1, 1), (counts.CommitsFailed, counts.Entries, counts.Inputs(0)));
        Assert.Equal(0, Enumerable.Range(1, EngineCounts.Outcomes.Length - 1).Sum(counts.Inputs));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }

    /// <summary>Asks within a trace of its own.</summary>
    private async Task<Activity> AskAsync(string name, Func<Task> ask)
    {
        Activity.Current = null;
        using var span = _source.StartActivity(name)!;
        await ask();
        return span;
    }
}
