using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Tests.Support;
using Lifecycle.Domain.Time;
using static Lifecycle.Domain.Tests.Support.Retail;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Customers;

/// <summary>Another program takes over while customers live: also for those who do nothing.</summary>
public sealed class ProgramChangeTests
{
    private static readonly Program Renamed = Retail.Default.Stages(stages => stages with
    {
        Growth = [Stage("Prospect", "true"), Stage("Buyer", "customer.orders >= 1")],
        AtRisk = "Warning", Dormant = "Asleep", Churned = "Gone", Reactivated = new("Back", 2, TimeSpan.FromDays(60)),
        Dwell = Stays(),
    }) with { Version = 2 };

    [Fact]
    public void Who_does_nothing_is_reviewed_at_the_instant_the_program_takes_effect()
    {
        var journey = new Journey(Changing(Retail.Default, (Renamed, Day(3))));
        journey.Take(Order("a", Day(0), 10_000));
        Assert.Equal("New", journey.View(Day(3).Plus(-1)).Stage.Name);
        Assert.Equal(Day(3), journey.View(Day(1)).NextChangeAt);
        Assert.Equal("Buyer", journey.View(Day(3)).Stage.Name);
        journey.Pass(Day(3));
        var tick = journey.Entries[^1];
        Assert.IsType<Input.Tick>(tick.Input);
        Assert.Equal((Day(3), 2), (tick.At, tick.ProgramVersion));
        var changed = Assert.IsType<Effect.StageChanged>(Assert.Single(tick.Effects));
        Assert.Equal(
            ("New", "Buyer", StageRole.Growth, "customer.orders >= 1"),
            (changed.From, changed.To, changed.Role, changed.Reason));
    }

    [Fact]
    public void A_tick_that_changes_nothing_is_an_entry_too_for_it_knows_the_next_change_under_the_new_program()
    {
        var slower = Retail.Default.Stages(s => s with
        {
            Silence = s.Silence with { Floor = TimeSpan.FromDays(300), Cap = TimeSpan.FromDays(600) },
        }) with { Version = 2 };
        var journey = new Journey(Changing(Retail.Default, (slower, Day(20))));
        journey.Take(Order("a", Day(0), 10_000));
        journey.Pass(Day(19));
        var before = journey.State.DueAt;
        journey.Pass(Day(20));
        Assert.Empty(journey.Effects);
        Assert.True(before < Day(299) && journey.State.DueAt == Day(300), $"{before}, then {journey.State.DueAt}");
    }

    [Fact]
    public void A_change_before_the_first_entry_makes_no_tick()
    {
        var programs = Changing(Retail.Default, (Renamed, Day(3)));
        Assert.Equal(Instant.Never, programs.DueAt(CustomerState.Empty));
        var journey = new Journey(programs);
        journey.Take(Order("a", Day(4), 10_000));
        Assert.Equal((1, "Buyer"), (journey.Entries.Count, journey.Stage));
    }

    [Fact]
    public void A_history_that_ended_long_ago_gets_its_ticks_in_order_each_under_the_program_of_its_time()
    {
        var journey = new Journey(Changing(Retail.Default, (Renamed, Day(5_000)), (Retail.Default, Day(5_100))));
        journey.Take(Order("a", Day(0), 10_000));
        journey.Pass(Day(6_000));
        Assert.Equal(journey.Entries.Select(entry => entry.At).Order(), journey.Entries.Select(entry => entry.At));
        Assert.All(journey.Entries, entry => Assert.Equal(
            entry.At >= Day(5_000) && entry.At < Day(5_100) ? 2 : 1, entry.ProgramVersion));
        Assert.Equal(
            ["New", "AtRisk", "Dormant", "Churned", "Gone", "Churned"],
            journey.All<Effect.StageChanged>().Select(change => change.To));
        Assert.Equal(1, journey.Entries.Count(entry => entry.At == Day(5_000)));
    }

    [Theory]
    [InlineData("New", "Buyer")]
    [InlineData("AtRisk", "Warning")]
    [InlineData("Dormant", "Asleep")]
    [InlineData("Churned", "Gone")]
    [InlineData("Reactivated", "Back")]
    public void Who_is_in_a_stage_that_is_no_more_goes_where_the_new_program_puts_them(string from, string to)
    {
        var alone = Live(new(Retail.Default));
        var at = alone.Entries.First(entry => entry.After.Stage == from).At.Plus(Instant.MicrosPerHour);
        var journey = Live(new(Changing(Retail.Default, (Renamed, at))));
        var before = journey.Entries.Last(entry => entry.At < at).After.Stage;
        var tick = journey.Entries.Single(entry => entry.At == at);
        Assert.Equal((from, to), (before, tick.After.Stage));

        // Until they are silent for good, and back again.
        static Journey Live(Journey journey)
        {
            journey.Take(Order("a", Day(0), 10_000));
            journey.Take(Order("b", Day(900), 10_000));
            journey.Pass(Day(2_000));
            return journey;
        }
    }

    [Fact]
    public void Another_time_zone_counts_new_orders_in_its_own_days_and_leaves_the_old_ones_as_they_are()
    {
        var tokyo = Retail.Default with { Version = 2, TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo") };
        var journey = new Journey(Changing(Retail.Default, (tokyo, Utc("2026-01-05T17:00:00Z"))));
        journey.Take(Order("a", Utc("2026-01-05T16:00:00Z"), 10_000));
        journey.Take(Order("b", Utc("2026-01-05T18:00:00Z"), 10_000));
        Assert.Equal(2, journey.View(journey.State.At).Metrics.Frequency);
        journey.Take(Return("b", Utc("2026-01-05T19:00:00Z"), 10_000));
        Assert.Equal(1, journey.View(journey.State.At).Metrics.Frequency);
    }

    /// <summary>
    /// The heart of it: whatever the history and whenever which program takes over, a view is the same before and after
    /// its ticks are journaled, and every entry is under exactly the program of its instant.
    /// </summary>
    [Fact]
    public void A_view_is_what_the_ticks_will_journal_and_every_entry_has_the_program_of_its_instant() =>
        Prop.ForAll(Step.Histories(30), Plans, (steps, plan) =>
        {
            var programs = Changing(Named(plan.First), [.. plan.Changes.Select(c => (Named(c.Program), c.At))]);
            var journey = Step.Play(new(programs), steps);
            var instant = journey.State.At.Plus(plan.After);
            var seen = Seen.Text(journey.View(instant));
            if (programs.DueAt(journey.State) is var due && due <= instant)
            {
                var atDue = Seen.Text(journey.View(due));
                journey.Pass(due);
                Assert.Equal(atDue, Seen.Text(journey.View(due)));
            }

            journey.Pass(instant);
            Assert.Equal(seen, Seen.Text(journey.View(instant)));
            Assert.All(journey.Entries, entry => Assert.Equal(programs.At(entry.At).Version, entry.ProgramVersion));
            // Who was only refused has no entry, and so no tick.
            var first = journey.Entries.Count > 0 ? journey.Entries[0].At : Instant.Never;
            foreach (var at in programs.Changes.Skip(1).Select(change => change.EffectiveAt))
                if (at > first && at <= journey.State.At) Assert.Contains(journey.Entries, entry => entry.At == at);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    private sealed record Plan(int First, (int Program, Instant At)[] Changes, long After);

    private static Arbitrary<Plan> Plans =>
        (from first in Gen.Choose(0, 3)
         from changes in Gen.ListOf(
             from program in Gen.Choose(0, 3)
             from hours in Gen.Choose(-100, 20_000)
             select (program, Start.Plus(hours * Instant.MicrosPerHour)))
         from after in Gen.Choose(0, 30_000)
         select new Plan(first, [.. changes.OrderBy(c => c.Item2)], after * Instant.MicrosPerHour)).ToArbitrary();

    private static Program Named(int number) => number switch
    {
        0 => Retail.Default,
        1 => Renamed,
        2 => Restless with { Version = 3 },
        _ => Quick.Stages(stages => stages with { Reactivated = null, Dwell = Stays(("New", 90)) }) with { Version = 4 },
    };

    private static ProgramSchedule Changing(Program first, params (Program Program, Instant At)[] changes) =>
        new([new(first, Instant.Earliest), .. changes.Select(c => new ScheduledProgram(c.Program, c.At))]);
}
