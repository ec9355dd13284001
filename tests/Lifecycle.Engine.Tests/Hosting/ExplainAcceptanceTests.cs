using System.Globalization;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Tests.Support;

namespace Lifecycle.Engine.Tests.Hosting;

/// <summary>
/// Fifty customers with orders, returns and redemptions: what the view and <c>explain</c> say is what the raw rows of
/// the journal add up to by this test's own arithmetic, now and as of three past instants.
/// </summary>
public sealed class ExplainAcceptanceTests
{
    private const int Customers = 50;
    private const string Spend = "metrics.windows.365d.spend_minor";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_view_and_explain_agree_with_the_sums_of_the_raw_rows()
    {
        await using var fixture = await EngineFixture.OpenAsync();
        var random = new Random(20_110_209);
        for (var round = 0; round < 30; round++)
        {
            for (var c = 0; c < Customers; c++) await ActAsync(fixture, $"c{c}", round, random);
            await fixture.AdvanceAsync(TimeSpan.FromDays(random.Next(5, 45)));
        }

        // A visit runs the ticks that are due, so that all there is at this instant is in the journal.
        var past = new List<Instant>();
        for (var i = 0; i < 4; i++)
        {
            for (var c = 0; c < Customers; c++)
                await fixture.SendAsync($"c{c}", Some.Visit($"look-{i}", fixture.Clock.Now));
            past.Add(fixture.Clock.Now);
            await fixture.AdvanceAsync(TimeSpan.FromDays(31));
            for (var c = 0; c < Customers; c++) await ActAsync(fixture, $"c{c}", 100 + i, random);
        }

        for (var c = 0; c < Customers; c++) await fixture.SendAsync($"c{c}", Some.Visit("last", fixture.Clock.Now));
        var (spends, points, stages) = (0, 0, new HashSet<string>());
        foreach (var when in past[..3].Select(at => new PointInTime(at, null)).Append(PointInTime.Now))
        {
            for (var c = 0; c < Customers; c++)
            {
                var own = Sum(await fixture.RowsAsync($"c{c}"), when.AsOf ?? fixture.Clock.Now);
                var view = await fixture.Customers.ViewAsync($"c{c}", when, Cancel);
                var year = view!.Metrics.Windows.Single(window => window.Name == "365d").Totals;
                Assert.Equal(own, (view.Points.Available, year.SpendMinor, view.Stage.Name));
                Assert.Equal(own, (
                    (await ExplainAsync(fixture, c, "points.available", when)).Value!.Value,
                    (await ExplainAsync(fixture, c, Spend, when)).Value!.Value,
                    (await ExplainAsync(fixture, c, "stage", when)).Text!));
                if (own.Spend != 0) spends++;
                if (own.Available != 0) points++;
                stages.Add(own.Stage);
            }
        }

        Assert.True(
            spends > 100 && points > 100 && stages.Count > 3,
            $"{spends} spends, {points} balances, {stages.Count} stages.");
        await fixture.VerifyAsync();
    }

    private static async Task<Explanation> ExplainAsync(
        EngineFixture fixture, int customer, string field, PointInTime when)
    {
        var why = await fixture.Customers.ExplainAsync($"c{customer}", field, when, 10_000, Cancel);
        Assert.Equal(why!.Count, why.Contributions.Length);
        if (why.Value is { } value) Assert.Equal(value, why.Contributions.Sum(part => part.Amount ?? 0));
        else Assert.Equal(why.Text, why.Contributions.FirstOrDefault()?.Text ?? "");
        return why;
    }

    /// <summary>
    /// From the bytes: what was credited to the available points less what was debited; what valid orders of the
    /// window's
    /// UTC days were worth less what came back of them; the last stage that was entered.
    /// </summary>
    private static (long Available, long Spend, string Stage) Sum(IReadOnlyList<JournalRow> rows, Instant asOf)
    {
        const long day = 24L * 3_600 * 1_000_000;
        var (available, spend, stage) = (0L, 0L, "");
        var begin = asOf.Micros - 365 * day;
        foreach (var row in rows.Where(row => row.At.Micros <= asOf.Micros))
        {
            foreach (var effect in EntryCodec.Decode(row).Effects)
            {
                if (effect is Effect.PointsMoved moved)
                {
                    if (moved.Credit == Account.Available) available += moved.Points;
                    if (moved.Debit == Account.Available) available -= moved.Points;
                }
                else if (effect is Effect.OrderCounted { Counts: true } order && DayOf(order.OccurredAt) > begin)
                {
                    spend += order.NetMinor;
                }
                else if (effect is Effect.ReturnMatched { Counts: true } back && DayOf(back.OrderOccurredAt) > begin)
                {
                    spend -= back.NetMinor;
                }
                else if (effect is Effect.StageChanged changed)
                {
                    stage = changed.To;
                }
            }
        }

        return (available, spend, stage);

        static long DayOf(Instant at) => at.Micros / day * day;
    }

    private static async Task ActAsync(EngineFixture fixture, string customer, int round, Random random)
    {
        // Some buy every round, some hardly ever.
        var number = Convert.ToInt32(customer[1..], CultureInfo.InvariantCulture);
        if (random.Next(Customers) < number / 2) return;
        var now = fixture.Clock.Now;
        Input input = random.Next(10) switch
        {
            < 5 => Some.Order($"o-{round}", now, random.Next(1_000, 40_000), ("A", 3, 700), ("B", 2, 300)),
            5 => Some.Order($"o-{round}", now.PlusDays(-random.Next(1, 20)), random.Next(1_000, 40_000)),
            6 => Some.Return($"t-{round}", now, $"o-{random.Next(round + 1)}", random.Next(500, 20_000)),
            7 => Some.Return($"t-{round}", now, null, null, ("A", random.Next(1, 4), 700)),
            8 => Some.Redeem($"r-{round}", now, random.Next(1, 200)),
            _ => Some.Adjust($"a-{round}", now, random.Next(1, 100)),
        };
        await fixture.SendAsync(customer, input);
    }
}
