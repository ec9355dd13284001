using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

/// <summary>What would become of inputs is what becomes of them, and asking changes nothing.</summary>
public sealed class WhatIfTests
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_foretold_is_what_happens()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var random = new Random(26_11_22);
        for (var round = 0; round < 40; round++)
        {
            var customer = $"c-{round % 4}";
            Delivery[] inputs = [.. Enumerable.Range(0, random.Next(1, 5))
                .Select(i => new Delivery(Input($"{round}-{i}", fixture.Clock.Now, round, random)))];
            var before = await fixture.RowsAsync(customer);
            var foretold = await AskAsync(fixture, customer, inputs);
            Assert.Equal(before.Count, (await fixture.RowsAsync(customer)).Count);
            Assert.Equal(before.Count, foretold.Version);

            var outcomes = await fixture.Customers.ApplyAsync(customer, inputs, Cancel);
            Assert.Equal(outcomes.Select(Text), foretold.Outcomes.Select(Text));
            var view = await fixture.Customers.ViewAsync(customer, PointInTime.Now, Cancel);
            Assert.Equal(Text(view), Text(foretold.View));
            await fixture.AdvanceAsync(TimeSpan.FromHours(random.Next(900)));
        }

        await fixture.VerifyAsync();
    }

    [Fact]
    public async Task A_later_instant_runs_the_ticks_that_are_due_first()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var now = fixture.Clock.Now;
        await fixture.TakeAsync("ann", Some.Order("o-1", now, 30_000));
        Delivery redeem = new(Some.Redeem("r-1", now, 250));

        Assert.IsType<Outcome.Refused>(Assert.Single((await AskAsync(fixture, "ann", [redeem])).Outcomes));
        var later = await AskAsync(fixture, "ann", [redeem], now.PlusDays(15));
        var receipt = Assert.IsType<Outcome.Accepted>(Assert.Single(later.Outcomes)).Receipt;
        Assert.Equal((50, now.PlusDays(15)), (receipt.Available, receipt.At));
        Assert.Equal((1, 3, 50), (later.Version, later.View!.Version, later.View.Points.Available));
        Assert.Equal(1, (await fixture.Customers.ViewAsync("ann", PointInTime.Now, Cancel))!.Version);
    }

    [Fact]
    public async Task A_fork_finds_what_it_decided_itself_and_nothing_that_was_lived_after_it()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var start = fixture.Clock.Now;
        await fixture.TakeAsync("ann", Some.Order("o-1", start, 20_000));
        await fixture.AdvanceAsync(TimeSpan.FromDays(20));
        var then = fixture.Clock.Now;
        await fixture.AdvanceAsync(TimeSpan.FromDays(1));
        await fixture.TakeAsync("ann", Some.Order("o-2", fixture.Clock.Now, 5_000));

        Delivery[] inputs =
        [
            new(Some.Order("o-2", then, 7_000)), new(Some.Return("t", then, "o-2", 7_000)),
            new(Some.Order("o-2", then, 7_000)),
        ];
        var past = await fixture.Customers.WhatIfAsync("ann", inputs, new(then, null), null, Cancel);
        Assert.Equal(
            [false, false, true], past.Outcomes.Select(o => Assert.IsType<Outcome.Accepted>(o).Replayed));
        Assert.Equal((20_000, 1), (past.View!.Metrics.MonetaryMinor, past.View.Metrics.Windows[^1].Totals.Orders));
        // The order, and the tick that the later one ran.
        Assert.Equal((2, then), (past.Version, past.At));
        var now = await AskAsync(fixture, "ann", [.. inputs[..1]]);
        Assert.IsType<Outcome.IdReused>(Assert.Single(now.Outcomes));
    }

    [Fact]
    public async Task An_unknown_customer_is_a_new_one_and_stays_unknown()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var now = fixture.Clock.Now;
        var answer = await AskAsync(
            fixture, "nobody", [new(Some.Redeem("r", now, 5)), new(Some.Order("o", now, 9_900))]);

        Assert.Equal(0, Assert.IsType<Outcome.Refused>(answer.Outcomes[0]).Version);
        Assert.Equal(("New", 99L, 0L), (answer.View!.Stage.Name, answer.View.Points.Pending, answer.Version));
        Assert.Null(await fixture.Customers.ViewAsync("nobody", PointInTime.Now, Cancel));
        Assert.Equal(0, fixture.Engine.Residents);
        Assert.Null((await AskAsync(fixture, "nobody", [])).View);
    }

    [Fact]
    public async Task An_instant_before_the_last_entry_or_too_far_ahead_is_refused()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var now = fixture.Clock.Now;
        await fixture.TakeAsync("ann", Some.Visit("v", now));
        foreach (var at in new[] { now.Plus(-1), now.Plus(PointInTime.AheadMax).Plus(1) })
            Assert.Equal("at", (await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
                () => AskAsync(fixture, "ann", [], at))).ParamName);
        Assert.Equal("Prospect", (await AskAsync(fixture, "ann", [], now.Plus(PointInTime.AheadMax))).View!.Stage.Name);
    }

    [Fact]
    public async Task A_fork_reads_no_entry_that_is_not_durable()
    {
        await using var fixture = await EngineFixture.OpenAsync(options: new() { TicksPerTurnMax = 1 });
        var now = fixture.Clock.Now;
        for (var i = 0; i < 8; i++) await fixture.TakeAsync("ann", Some.Order($"o-{i}", now.PlusDays(-i), 10_000));
        // One tick a turn: the fork hands over in parts, and still finds the entries of all of them.
        var answer = await AskAsync(
            fixture, "ann",
            [new(Some.Order("new", now, 4_000)), new(Some.Return("back", now, "new", 4_000))], now.PlusDays(600));
        Assert.All(answer.Outcomes, outcome => Assert.IsType<Outcome.Accepted>(outcome));
        Assert.Equal(80_000, answer.View!.Metrics.MonetaryMinor);
        Assert.True(answer.View.Version > 20, $"{answer.View.Version}");
        Assert.Equal(8, (await fixture.RowsAsync("ann")).Count);
    }

    private static Task<WhatIfAnswer> AskAsync(
        EngineFixture fixture, string customer, IReadOnlyList<Delivery> inputs, Instant? at = null) =>
        fixture.Customers.WhatIfAsync(customer, inputs, PointInTime.Now, at, Cancel);

    private static Input Input(string id, Instant now, int round, Random random) => random.Next(8) switch
    {
        < 3 => Some.Order($"o-{id}", now.PlusDays(-random.Next(20)), random.Next(500, 30_000), ("A", 2, 400)),
        3 => Some.Return($"t-{id}", now, $"o-{random.Next(round + 1)}-0", random.Next(500, 9_000)),
        4 => Some.Return($"t-{id}", now, null, null, ("A", 1, 200)),
        5 => Some.Redeem($"r-{id}", now, random.Next(1, 90)),
        6 => Some.Adjust($"a-{random.Next(4)}", now, random.Next(1, 3), "goodwill"),
        _ => Some.Visit($"v-{id}", now),
    };

    /// <summary>As text, with what a derived type has.</summary>
    private static string Text(object? value) => JsonSerializer.Serialize(value, Json) + value?.GetType().Name;
}
