using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Scheduling;

public sealed class SchedulerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exactly_those_who_are_due_are_ticked_and_are_due_no_more()
    {
        await using var fixture = await OpenAsync();
        var start = fixture.Clock.Now;
        await fixture.SendAsync("ann", Some.Order("o-1", start, 5_000));
        await fixture.AdvanceAsync(TimeSpan.FromDays(1));
        await fixture.SendAsync("bob", Some.Order("o-1", fixture.Clock.Now, 5_000));
        await fixture.SendAsync("cid", Some.Visit("v-1", fixture.Clock.Now));
        await fixture.Engine.Projector.FlushAsync(Cancel);

        await fixture.AdvanceAsync(TimeSpan.FromDays(13) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await PokeAsync(fixture));
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await PokeAsync(fixture));
        Assert.Equal(0, await PokeAsync(fixture));
        var rows = await fixture.RowsAsync("ann");
        Assert.Equal((2, start.PlusDays(14)), (rows.Count, rows[1].At));
        Assert.Single(await fixture.RowsAsync("bob"));

        await fixture.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(1, await PokeAsync(fixture));
        Assert.Equal(2, (await fixture.RowsAsync("bob")).Count);
        Assert.Single(await fixture.RowsAsync("cid"));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_customer_in_back_fill_is_left_alone_until_ten_minutes_without_one()
    {
        await using var fixture = await OpenAsync();
        await BackfillAsync(fixture, "ann", 0);
        Assert.Equal(0, await PokeAsync(fixture));
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(9));
        await BackfillAsync(fixture, "ann", 1);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(0, await PokeAsync(fixture));
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await PokeAsync(fixture));
        var late = fixture.Clock.Now.PlusDays(-380);
        Assert.Contains(await fixture.RowsAsync("ann"), row => row.EventKey is null && row.At > late);
        Assert.Equal(0, await PokeAsync(fixture));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_live_input_ends_a_back_fill_at_once()
    {
        await using var fixture = await OpenAsync();
        await BackfillAsync(fixture, "ann", 0);
        await fixture.SendAsync("ann", Some.Order("live", fixture.Clock.Now, 5_000));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromDays(14));
        Assert.Equal(1, await PokeAsync(fixture));
        Assert.Equal(fixture.Clock.Now, (await fixture.RowsAsync("ann"))[^1].At);
    }

    [Fact]
    public async Task A_running_engine_pokes_by_itself()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        await fixture.SendAsync("ann", Some.Order("o-1", fixture.Clock.Now, 5_000));
        await fixture.AdvanceAsync(TimeSpan.FromDays(14));
        await fixture.Engine.StartAsync(Cancel);
        var ticked = fixture.Engine.Feed.ReadAsync(
            await fixture.Engine.Feed.ReadEndAsync(Cancel), 10, TimeSpan.FromMinutes(1), Cancel);
        // The projection, the scheduler, the lease, the trial of the journal, the eviction and the reader of the feed.
        await fixture.Clock.WaitForTimersAsync(6);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.IsType<Input.Tick>(Assert.Single((await ticked).Items).Entry!.Input);
    }

    [Fact]
    public async Task Those_who_cannot_be_ticked_are_not_counted()
    {
        await using var fixture = await OpenAsync();
        foreach (var customer in new[] { "ann", "bob" })
            await fixture.SendAsync(customer, Some.Order("o-1", fixture.Clock.Now, 5_000));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromDays(14));
        fixture.Engine.Isolation.Report(
            fixture.Engine.Secret.CustomerKeyOf("ann"), new InvalidOperationException("for the test"));
        Assert.Equal(1, await PokeAsync(fixture));
        Assert.Equal(0, await PokeAsync(fixture));
    }

    private static async Task<EngineFixture> OpenAsync()
    {
        var fixture = await EngineFixture.OpenAsync();
        await fixture.StartProjectionAsync();
        return fixture;
    }

    private static Task<int> PokeAsync(EngineFixture fixture) => fixture.Engine.Scheduler.PokeDueAsync(Cancel);

    private static async Task BackfillAsync(EngineFixture fixture, string customer, int day)
    {
        var at = fixture.Clock.Now.PlusDays(-400 + day);
        await fixture.ApplyAsync(customer, Some.Order($"old-{day}", at, 5_000), historical: true);
        await fixture.Engine.Projector.FlushAsync(Cancel);
    }
}
