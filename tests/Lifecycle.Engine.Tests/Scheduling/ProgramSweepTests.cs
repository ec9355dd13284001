using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Programs;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Scheduling;

/// <summary>After a change of the programs: whoever does nothing is found, and nobody is half changed.</summary>
public sealed class ProgramSweepTests
{
    private static readonly string Renamed =
        ShippedPrograms.Default.Replace("name: New", "name: Buyer", StringComparison.Ordinal)
            .Replace("from: [New]", "from: [Buyer]", StringComparison.Ordinal);

    private static readonly EngineOptions Slow = new() { SweepCustomersPerSecondMax = 2 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_does_nothing_is_ticked_at_the_instant_of_the_change_and_a_view_showed_it_before()
    {
        await using var fixture = await OpenAsync(5);
        var at = await ActivateAsync(fixture, TimeSpan.FromMinutes(1));
        Assert.True(await fixture.Engine.ProgramSweep.SweepAsync(Cancel));
        Assert.Equal((5, 5), (fixture.Engine.ProgramSweep.Progress!.Done, fixture.Engine.ProgramSweep.Progress.Total));
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(0, await PokeAsync(fixture));
        Assert.Equal("New", await StageAsync(fixture, "c0"));
        await fixture.AdvanceAsync(TimeSpan.FromMicroseconds(1));
        Assert.Equal("Buyer", await StageAsync(fixture, "c0"));
        Assert.Equal(5, await PokeAsync(fixture));
        Assert.Equal(0, await PokeAsync(fixture));
        for (var i = 0; i < 5; i++)
        {
            var tick = (await EntriesAsync(fixture, $"c{i}"))[0];
            Assert.IsType<Input.Tick>(tick.Input);
            Assert.Equal((at, 2, "Buyer"), (tick.At, tick.ProgramVersion, tick.After.Stage));
        }

        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task Whoever_is_in_a_back_fill_is_due_after_it_and_that_is_right()
    {
        await using var fixture = await OpenAsync(1);
        var at = await ActivateAsync(fixture, TimeSpan.FromMinutes(1));
        await fixture.Engine.Customers.ApplyAsync(
            "new", [new Delivery(Some.Order("o-1", fixture.Clock.Now, 4_000), Historical: true)], Cancel);
        await fixture.Engine.Projector.FlushAsync(Cancel);
        var row = await fixture.Engine.Store.Projection.ReadAsync(fixture.Engine.Secret.CustomerKeyOf("new"), Cancel);
        Assert.True(row!.DueAt > at);
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task The_sweep_is_paced_says_how_far_it_is_and_goes_on_after_a_restart_in_the_middle()
    {
        await using var fixture = await OpenAsync(5, Slow);
        await ActivateAsync(fixture, TimeSpan.FromDays(20));
        using (var stopped = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            var timers = fixture.Clock.Timers;
            var sweeping = fixture.Engine.ProgramSweep.SweepAsync(stopped.Token);
            await fixture.Clock.WaitForTimersAsync(timers + 1);
            var progress = fixture.Engine.ProgramSweep.Progress!;
            Assert.Equal((2, 5, null), (progress.Done, progress.Total, progress.FinishedAt));
            await stopped.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweeping);
        }

        await fixture.ReopenAsync(options: new EngineOptions());
        await fixture.StartProjectionAsync();
        Assert.Null(fixture.Engine.ProgramSweep.Progress);
        Assert.True(await fixture.Engine.ProgramSweep.SweepAsync(Cancel));
        Assert.Equal(5, fixture.Engine.ProgramSweep.Progress!.Done);
        Assert.NotNull(fixture.Engine.ProgramSweep.Progress.FinishedAt);
        var due = await fixture.Engine.Store.Projection.ReadDueAsync(
            fixture.Clock.Now.PlusDays(20), 10, KeyShare.All, Cancel);
        Assert.Equal(5, due.Count);

        // Nothing is left to do, also for the next start.
        await fixture.ReopenAsync();
        Assert.True(await fixture.Engine.ProgramSweep.SweepAsync(Cancel));
        Assert.Null(fixture.Engine.ProgramSweep.Progress);
    }

    [Fact]
    public async Task A_second_change_during_a_sweep_begins_it_again_and_both_changes_reach_everybody()
    {
        await using var fixture = await OpenAsync(3, Slow);
        var first = await ActivateAsync(fixture, TimeSpan.FromMinutes(1));
        var timers = fixture.Clock.Timers;
        var sweeping = fixture.Engine.ProgramSweep.SweepAsync(Cancel);
        await fixture.Clock.WaitForTimersAsync(timers + 1);
        var second = first.Plus(TimeSpan.FromMinutes(1));
        await fixture.Engine.Programs.ActivateAsync(1, second, Cancel);
        await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.False(await sweeping);

        await fixture.AdvanceAsync(TimeSpan.FromMinutes(5));
        await SweepAsync(fixture);
        while (await PokeAsync(fixture) > 0)
        {
            // Each customer has two ticks due, and one poke runs them both.
        }

        foreach (var customer in new[] { "c0", "c1", "c2" })
        {
            Assert.Equal(
                [(second, 1, "New"), (first, 2, "Buyer")],
                (await EntriesAsync(fixture, customer)).Take(2).Select(e => (e.At, e.ProgramVersion, e.After.Stage)));
        }

        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task After_a_withdrawal_nobody_is_ticked_for_it_and_who_was_poked_in_vain_is_not_poked_again()
    {
        await using var fixture = await OpenAsync(2);
        await ActivateAsync(fixture, TimeSpan.FromMinutes(1));
        await fixture.Engine.ProgramSweep.SweepAsync(Cancel);
        await fixture.Engine.Programs.WithdrawAsync(2, Cancel);
        await fixture.VerifyAsync();
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(2));
        // The sweep has not come round yet: two are poked, once.
        Assert.Equal(2, await PokeAsync(fixture));
        Assert.Equal(0, await PokeAsync(fixture));
        Assert.Single(await EntriesAsync(fixture, "c0"));
        Assert.True(await fixture.Engine.ProgramSweep.SweepAsync(Cancel));
        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_customer_in_back_fill_is_left_alone_and_then_ticked_for_the_instant_of_the_change()
    {
        await using var fixture = await OpenAsync(0);
        var at = await ActivateAsync(fixture, TimeSpan.FromSeconds(2));
        var placed = fixture.Clock.Now.PlusDays(-10);
        await fixture.ApplyAsync("ann", Some.Order("old", placed, 5_000), historical: true);
        await fixture.Engine.Projector.FlushAsync(Cancel);
        await SweepAsync(fixture);
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(0, await PokeAsync(fixture));
        Assert.Equal("Buyer", await StageAsync(fixture, "ann"));
        await fixture.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await PokeAsync(fixture));
        Assert.Equal([(at, 2), (placed, 1)], (await EntriesAsync(fixture, "ann")).Select(e => (e.At, e.ProgramVersion)));
    }

    [Fact]
    public async Task A_running_engine_sweeps_and_ticks_by_itself_while_inputs_flow()
    {
        await using var fixture = await OpenAsync(20, start: true);
        var at = await ActivateAsync(fixture, TimeSpan.FromSeconds(2));
        for (var second = 0; second < 6; second++)
        {
            await Task.WhenAll(Enumerable.Range(0, 10).Select(i => fixture.SendAsync(
                $"c{i}", Some.Order($"o-{second}-{i}", fixture.Clock.Now, 1_000))));
            await fixture.AdvanceAsync(TimeSpan.FromMilliseconds(700));
        }

        // The quiet half is ticked by the scheduler, in its own time.
        for (var i = 10; i < 20; i++)
        {
            while ((await EntriesAsync(fixture, $"c{i}"))[0].At != at)
            {
                await fixture.AdvanceAsync(TimeSpan.FromSeconds(1));
                await Task.Yield();
                Assert.True(fixture.Clock.Now < at.PlusDays(1), "Nobody ticks the quiet ones.");
            }
        }

        for (var i = 0; i < 20; i++)
        {
            var entries = await EntriesAsync(fixture, $"c{i}");
            Assert.All(entries, e => Assert.Equal(e.At < at ? 1 : 2, e.ProgramVersion));
            Assert.Single(entries, e => e.At == at && e.Input is Input.Tick);
        }

        await fixture.VerifyAsync();
    }

    /// <summary>Whatever changes when, swept or not: what a view shows is what is journaled then.</summary>
    [Fact]
    public void A_view_is_what_the_poke_journals() => Prop.ForAll(Plans, plan => RunAsync(plan).GetAwaiter().GetResult())
        .Check(Config.QuickThrowOnFailure.WithMaxTest(12));

    private sealed record Plan((int Version, int Minutes)[] Activations, int[] OrderMinutes, bool Swept);

    private static Arbitrary<Plan> Plans =>
        (from activations in Gen.Choose(1, 4).SelectMany(count => Gen.ArrayOf(
             Gen.Choose(1, 2).SelectMany(version => Gen.Choose(1, 40_000).Select(at => (version, at))), count))
         from orders in Gen.Choose(1, 4).SelectMany(count => Gen.ArrayOf(Gen.Choose(0, 30_000), count))
         from swept in Gen.Elements(true, false)
         select new Plan([.. activations.OrderBy(a => a.at)], [.. orders.Order()], swept)).ToArbitrary();

    private static async Task RunAsync(Plan plan)
    {
        await using var fixture = await OpenAsync(0, new EngineOptions { ClockJumpMax = TimeSpan.FromDays(30) });
        var start = fixture.Clock.Now;
        await fixture.Engine.Programs.StoreAsync(Renamed, Cancel);
        foreach (var (version, minutes) in plan.Activations)
            await fixture.Engine.Programs.ActivateAsync(version, start.Plus(TimeSpan.FromMinutes(minutes)), Cancel);
        foreach (var minutes in plan.OrderMinutes)
        {
            await fixture.AdvanceAsync(TimeSpan.FromMicroseconds(
                start.Plus(TimeSpan.FromMinutes(minutes)) - fixture.Clock.Now));
            await fixture.TakeAsync("ann", Some.Order($"o-{minutes}-{Guid.NewGuid()}", fixture.Clock.Now, 2_000));
        }

        await fixture.Engine.Projector.FlushAsync(Cancel);
        if (plan.Swept) await SweepAsync(fixture);
        await fixture.AdvanceAsync(TimeSpan.FromDays(20));
        var seen = await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        while (await PokeAsync(fixture) > 0)
        {
            // Until nothing is due.
        }

        var after = await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel);
        Assert.Equal(
            (seen!.Stage, seen.Points.Available, seen.Points.Pending, seen.NextChangeAt),
            (after!.Stage, after.Points.Available, after.Points.Pending, after.NextChangeAt));
        var schedule = fixture.Engine.Programs.Schedule;
        var entries = await EntriesAsync(fixture, "ann");
        Assert.All(entries, entry => Assert.Equal(schedule.At(entry.At).Version, entry.ProgramVersion));
        Assert.Equal(entries[0].After.Stage, after.Stage.Name);
        await fixture.VerifyAsync();
    }

    private static async Task<EngineFixture> OpenAsync(int customers, EngineOptions? options = null, bool start = false)
    {
        var fixture = await EngineFixture.OpenAsync(options: options, start: start);
        if (!start) await fixture.StartProjectionAsync();
        for (var i = 0; i < customers; i++)
            await fixture.TakeAsync($"c{i}", Some.Order("o-1", fixture.Clock.Now, 5_000));
        await fixture.Engine.Projector.FlushAsync(Cancel);
        return fixture;
    }

    private static async Task<Instant> ActivateAsync(EngineFixture fixture, TimeSpan ahead)
    {
        var at = fixture.Clock.Now.Plus(ahead);
        await fixture.Engine.Programs.StoreAsync(Renamed, Cancel);
        var outcome = await fixture.Engine.Programs.ActivateAsync(2, at, Cancel);
        Assert.IsType<Engine.Hosting.ProgramOutcome<Engine.Store.StoredActivation>.Done>(outcome);
        return at;
    }

    /// <summary>Sweeps while the clock goes on.</summary>
    private static async Task SweepAsync(EngineFixture fixture)
    {
        var sweeping = fixture.Engine.ProgramSweep.SweepAsync(Cancel);
        while (!sweeping.IsCompleted)
        {
            await fixture.AdvanceAsync(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.True(await sweeping);
    }

    private static Task<int> PokeAsync(EngineFixture fixture) => fixture.Engine.Scheduler.PokeDueAsync(Cancel);

    private static async Task<string> StageAsync(EngineFixture fixture, string customer) =>
        (await fixture.Customers.ViewAsync(customer, PointInTime.Now, Cancel))!.Stage.Name;

    private static async Task<IReadOnlyList<Domain.Entries.Entry>> EntriesAsync(EngineFixture fixture, string customer) =>
        (await fixture.Customers.EntriesAsync(customer, long.MaxValue, 100, Cancel))!;
}
