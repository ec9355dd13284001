using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Identity;

/// <summary>A merge that stops between its steps is finished by whoever comes next.</summary>
public sealed class MergeCrashTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static LinkRequest Request(string id) => new("test", id, Instant.From(EngineFixture.Start));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task A_merge_that_crashed_is_finished(int appends, bool byScheduler)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        await PrepareAsync(fixture);
        await CrashAsync(fixture, store!, appends, () => fixture.Customers.MergeAsync("c", "a", Request("m"), Cancel));
        if (byScheduler) await PokeAsync(fixture);

        var merged = appends > 0;
        // By the id whose half is missing first: the other cannot know.
        Assert.Equal(merged ? (2, 150) : (1, 100), await HasAsync(fixture, "a"));
        Assert.Equal(merged ? (2, 150) : (1, 50), await HasAsync(fixture, "c"));
        Assert.Equal(!merged, Assert.IsType<Outcome.Accepted>(
            await fixture.Customers.MergeAsync("c", "a", Request("m"), Cancel)) is { Replayed: false });
        Assert.Equal((2, 150), await HasAsync(fixture, "a"));
        await SettledAsync(fixture, "a");
        await fixture.VerifyAsync();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task An_unmerge_that_crashed_is_finished(int appends, bool byScheduler)
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        await PrepareAsync(fixture);
        await fixture.Customers.MergeAsync("c", "a", Request("m"), Cancel);
        await CrashAsync(fixture, store!, appends, () => fixture.Customers.UnmergeAsync("c", "a", Request("u"), Cancel));
        if (byScheduler) await PokeAsync(fixture);

        // Asked for by the id whose half is missing.
        var parted = appends > 0;
        Assert.Equal(parted ? (1, 100) : (2, 150), await HasAsync(fixture, "a"));
        Assert.Equal(parted ? (1, 50) : (2, 150), await HasAsync(fixture, "c"));
        var taken = await fixture.TakeAsync("a", Some.Visit("after", Instant.From(EngineFixture.Start)));
        Assert.Equal(parted ? null : "c", taken.Receipt.Customer);
        // Both have theirs, so that nobody but the scheduler needs to know.
        if (!byScheduler) await PokeAsync(fixture);
        await SettledAsync(fixture, parted ? "c" : "a");
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task An_id_that_arrives_while_its_customer_leads_to_another_one_can_still_be_taken_out()
    {
        TestStore? store = null;
        await using var fixture = await EngineFixture.OpenAsync(s => store = new TestStore(s));
        await PrepareAsync(fixture);
        await CrashAsync(fixture, store!, 1, () => fixture.Customers.MergeAsync("c", "a", Request("m"), Cancel));
        // By ids that know nothing of the half that is missing.
        Assert.IsType<Outcome.Accepted>(await fixture.Customers.MergeAsync("k", "c", Request("k"), Cancel));
        Assert.Equal((1, 50), await HasAsync(fixture, "k"));
        Assert.Equal((2, 150), await HasAsync(fixture, "a"));
        Assert.Equal((2, 150), await HasAsync(fixture, "k"));

        Assert.IsType<Outcome.Accepted>(await fixture.Customers.UnmergeAsync("k", "c", Request("u"), Cancel));
        Assert.Equal(((2, 150), (0, 0)), (await HasAsync(fixture, "c"), await HasAsync(fixture, "k")));
        Assert.IsType<Outcome.Accepted>(await fixture.Customers.UnmergeAsync("c", "a", Request("v"), Cancel));
        Assert.Equal(((1, 50), (1, 100)), (await HasAsync(fixture, "c"), await HasAsync(fixture, "a")));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task Two_who_merge_in_opposite_directions_at_once_become_one()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        for (var round = 0; round < 10; round++)
        {
            var (a, b) = ($"a{round}", $"b{round}");
            await fixture.TakeAsync(a, Some.Adjust("1", Instant.From(EngineFixture.Start), 100));
            await fixture.TakeAsync(b, Some.Adjust("2", Instant.From(EngineFixture.Start), 50));
            var sending = Enumerable.Range(0, 10).Select(i => fixture.TakeAsync(
                i % 2 == 0 ? a : b, Some.Visit($"v{i}", Instant.From(EngineFixture.Start))));
            var merging = new[]
            {
                fixture.Customers.MergeAsync(a, b, Request("ab"), Cancel),
                fixture.Customers.MergeAsync(b, a, Request("ba"), Cancel),
            };
            await Task.WhenAll(merging.Concat<Task>(sending));

            var replayed = merging.Count(merge => ((Outcome.Accepted)merge.Result).Replayed);
            Assert.Equal(1, replayed);
            Assert.Equal((10, 150), await HasAsync(fixture, a));
            Assert.Equal((10, 150), await HasAsync(fixture, b));
        }

        await fixture.VerifyAsync();
    }

    private static async Task PrepareAsync(EngineFixture fixture)
    {
        var now = Instant.From(EngineFixture.Start);
        await fixture.TakeAsync("a", Some.Adjust("1", now, 100));
        await fixture.TakeAsync("a", Some.Visit("v", now));
        await fixture.TakeAsync("c", Some.Adjust("2", now, 50));
        await fixture.TakeAsync("c", Some.Visit("v", now));
    }

    /// <summary>The disk is gone after so many appends, and the process with it.</summary>
    private static async Task CrashAsync(
        EngineFixture fixture, TestStore store, int appends, Func<Task<Outcome>> act)
    {
        store.Appends.StopAfter(appends);
        if (appends < 3) await Assert.ThrowsAsync<UnavailableException>(act);
        else await act();
        await fixture.ReopenAsync();
    }

    private static async Task PokeAsync(EngineFixture fixture)
    {
        await fixture.StartProjectionAsync();
        await fixture.Engine.Scheduler.PokeDueAsync(Cancel);
        Assert.Equal(0, await fixture.Engine.Scheduler.PokeDueAsync(Cancel));
    }

    /// <summary>Visits, and points to spend.</summary>
    private static async Task<(long Visits, long Points)> HasAsync(EngineFixture fixture, string id)
    {
        var view = await fixture.Customers.ViewAsync(id, PointInTime.Now, Cancel);
        return (
            view!.Metrics.Windows.Single(window => window.Name == "lifetime").Totals.Visits, view.Points.Available);
    }

    private static async Task SettledAsync(EngineFixture fixture, string id)
    {
        var rows = await fixture.RowsAsync(id);
        Assert.Contains(rows.SelectMany(row => EntryCodec.Decode(row).Effects), effect => effect is Effect.Settled);
    }
}
