using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

/// <summary>A process whose journal cannot be written is not ready, and finds out by itself when it can.</summary>
public sealed class WritabilityTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_journal_that_cannot_be_written_is_not_ready_until_a_trial_succeeds()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        await fixture.TakeAsync("ann", Some.Visit("v-1", fixture.Clock.Now));
        store!.Appends.StopAfter(0);
        await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.SendAsync("ann", Some.Visit("v-2", fixture.Clock.Now)));

        Assert.Equal(
            "The journal cannot be written; the log says why (event 1014).",
            Assert.Single(fixture.Engine.Readiness.Problems));
        // Reading goes on.
        Assert.NotNull(await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel));
        await fixture.Engine.Writability.TryAsync(Cancel);
        Assert.Single(fixture.Engine.Readiness.Problems);

        store.Appends.Go();
        Assert.Single(fixture.Engine.Readiness.Problems);
        await fixture.Engine.Writability.TryAsync(Cancel);
        Assert.Empty(fixture.Engine.Readiness.Problems);
        await fixture.TakeAsync("ann", Some.Visit("v-2", fixture.Clock.Now));
    }

    [Fact]
    public async Task An_input_that_is_written_is_as_good_as_a_trial()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        store!.Appends.StopAfter(0);
        await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.SendAsync("ann", Some.Visit("v-1", fixture.Clock.Now)));
        store.Appends.Go();

        await fixture.TakeAsync("ann", Some.Visit("v-1", fixture.Clock.Now));

        Assert.Empty(fixture.Engine.Readiness.Problems);
    }

    [Fact]
    public async Task A_batch_that_fails_once_and_is_decided_anew_leaves_the_process_ready()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        store!.Appends.FailBefore();

        await fixture.TakeAsync("ann", Some.Visit("v-1", fixture.Clock.Now));

        Assert.Empty(fixture.Engine.Readiness.Problems);
    }

    [Fact]
    public async Task The_engine_tries_by_itself()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s), start: true);
        store!.Appends.StopAfter(0);
        await Assert.ThrowsAsync<UnavailableException>(
            () => fixture.SendAsync("ann", Some.Visit("v-1", fixture.Clock.Now)));
        store.Appends.Go();

        while (fixture.Engine.Readiness.Problems.Count > 0)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, Cancel);
        }
    }
}
