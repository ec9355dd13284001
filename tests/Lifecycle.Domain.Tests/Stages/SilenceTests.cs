using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Tests.Support;

namespace Lifecycle.Domain.Tests.Stages;

/// <summary>The default numbers, for customers as one meets them.</summary>
public sealed class SilenceTests
{
    private static readonly SilenceRule Rule = Retail.Default.Stages.Silence;

    [Theory]
    // Who bought once is judged by the population alone, who has two gaps by both.
    [InlineData(0, 0, 153, 298, 357)]
    [InlineData(7, 2, 98, 175, 230)]
    // From three gaps on it is the customer's own rhythm, the more surely the more there are.
    [InlineData(7, 3, 36, 76, 116)]
    [InlineData(7, 10, 24, 40, 56)]
    [InlineData(7, 50, 21, 33, 43)]
    [InlineData(30, 2, 128, 228, 289)]
    [InlineData(30, 3, 154, 327, 374)]
    [InlineData(30, 10, 104, 175, 227)]
    // At the cap a silence means everything at once: who buys once a year is never just at risk.
    [InlineData(365, 1, 412, 540, 540)]
    [InlineData(365, 3, 540, 540, 540)]
    public void The_default_numbers_give_these_days(int gapDays, int gaps, int atRisk, int dormant, int churned)
    {
        var silence = Silence.Of(Regular(gapDays, gaps), Rule);
        Assert.Equal((atRisk, dormant, churned),
            ((int)silence.AtRisk.TotalDays, (int)silence.Dormant.TotalDays, (int)silence.Churned.TotalDays));
    }

    [Fact]
    public void The_quantile_at_a_limit_is_the_quantile_that_the_program_names()
    {
        foreach (var gaps in new[] { Regular(30, 0), Regular(20, 2), Regular(7, 10), Regular(30, 5) })
        {
            var silence = Silence.Of(gaps, Rule);
            Assert.InRange(Silence.QuantileOf(gaps, Rule, silence.AtRisk), .95, .9515);
            Assert.InRange(Silence.QuantileOf(gaps, Rule, silence.Dormant), .99, .9915);
        }
    }

    [Fact]
    public void The_limits_are_whole_hours_in_order_between_floor_and_cap()
    {
        foreach (var days in new[] { 0, 1, 2, 7, 30, 100, 365, 4_000 })
            foreach (var gaps in new[] { 1, 3, 30, 1_000, 100_000 })
            {
                var (atRisk, dormant, churned) = Silence.Of(Regular(days, gaps), Rule);
                Assert.True(Rule.Floor <= atRisk && atRisk <= dormant && dormant <= churned && churned <= Rule.Cap);
                Assert.Equal((0, 0, 0), (atRisk.Ticks % TimeSpan.TicksPerHour, dormant.Ticks % TimeSpan.TicksPerHour,
                    churned.Ticks % TimeSpan.TicksPerHour));
            }
    }

    [Fact]
    public void A_long_rhythm_of_short_gaps_churns_when_an_order_is_improbable_not_at_the_cap()
    {
        var patient = Rule with { Cap = TimeSpan.FromDays(3_650) };
        var daily = Silence.Of(Regular(1, 5_000), patient);
        Assert.InRange(daily.Churned.TotalDays, 14, 30);
    }

    private static GapStatistics Regular(int days, int gaps) =>
        new(gaps + 1, (double)days * gaps, (double)days * days * gaps);
}
