using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Programs;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Engine.Tests.Programs;

public sealed class ProgramDocumentTests
{
    [Fact]
    public void What_is_not_written_has_its_default()
    {
        var program = Parse(Documents.Minimal);
        Assert.Equal((7, "small", "EUR", "Europe/Berlin"),
            (program.Version, program.Name, program.Currency, program.TimeZone.Id));
        Assert.Equal(
            new SilenceRule(
                0.95, 0.99, 0.05, Days(14), Days(540), Days(90), PopulationShape: 4, Days(46), DropoutPerOrder: 0.05),
            program.Stages.Silence);
        Assert.Null(program.Stages.Reactivated);
        Assert.Empty(program.Stages.Dwell);
        Assert.Empty(program.Earn);
        Assert.Equal(
            ("Stars", 1L, TimeSpan.Zero, Expiry.None, WhenSpent.Negative, Days(180), false),
            (program.Points.Name, program.Points.ValueMinor, program.Points.Pending, program.Points.Expiry,
                program.Points.WhenSpent, program.Points.ReturnWindow, program.Points.EarnOnPointsPaid));
    }

    [Fact]
    public void Every_key_is_read()
    {
        var program = Parse("""
            program: whole
            currency: JPY
            time_zone: Asia/Tokyo
            stages:
              - {name: 潜在, when: "true", dwell: 12h}
              - {name: New, when: "customer.orders == 1", from: [潜在, Back], dwell: 6w}
              - {name: Risk, silence: at_risk, dwell: 30m}
              - {name: Asleep, silence: dormant}
              - {name: Gone, silence: churned}
              - {name: Back, after: silence, until: {order_days: 3, for: 10d}, dwell: 1d}
            silence:
              at_risk: .9
              dormant: 0.95
              churned_below: 0.1
              floor: 7d
              cap: 200d
              horizon: 60d
              population: {shape: 2.5, mean_gap: 30d}
              dropout: 0
            points:
              name: マイル
              value_minor: 0
              pending: 36h
              expiry: {rolling: 365 days}
              returns: {when_spent: forgive, window: 30d}
              earn_on_points_paid: true
            earn:
              - {name: award, on: review.posted, if: "event.rating >= 4", points: "10"}
              - {name: tea, if: "event.category == 'tea'", multiply: 1.5}
            """);
        Assert.Equal(["潜在", "New"], program.Stages.Growth.Select(g => g.Name));
        Assert.Equal(["潜在", "Back"], program.Stages.Growth[1].From);
        Assert.Equal(("Risk", "Asleep", "Gone"),
            (program.Stages.AtRisk, program.Stages.Dormant, program.Stages.Churned));
        Assert.Equal(new ReactivatedStage("Back", 3, Days(10)), program.Stages.Reactivated);
        Assert.Equal(
            [("Back", Days(1)), ("New", Days(42)), ("Risk", TimeSpan.FromMinutes(30)), ("潜在", Days(0.5))],
            program.Stages.Dwell.Select(d => (d.Key, d.Value)).OrderBy(d => d.Key, StringComparer.Ordinal));
        Assert.Equal(
            new SilenceRule(0.9, 0.95, 0.1, Days(7), Days(200), Days(60), PopulationShape: 2.5, Days(30), 0),
            program.Stages.Silence);
        Assert.Equal(
            ("マイル", 0L, Days(1.5), new Expiry(0, 365, ExpiryRounding.Day), WhenSpent.Forgive, Days(30), true),
            (program.Points.Name, program.Points.ValueMinor, program.Points.Pending, program.Points.Expiry,
                program.Points.WhenSpent, program.Points.ReturnWindow, program.Points.EarnOnPointsPaid));
        var (award, tea) = (program.Earn[0], program.Earn[1]);
        Assert.Equal(("award", "review.posted", "event.rating >= 4", "10", null, false),
            (award.Name, award.On, award.If?.Text, award.Points?.Text, award.Multiply, award.PerItem));
        Assert.Equal(("tea", "order.placed", "event.category == 'tea'", null, 1.5m, true),
            (tea.Name, tea.On, tea.If?.Text, tea.Points?.Text, tea.Multiply, tea.PerItem));
    }

    [Theory]
    [InlineData("order.placed", "event.sku == 'A'", true)]
    [InlineData("order.placed", "event.channel == 'web'", false)]
    [InlineData("product.viewed", "event.category == 'tea'", false)]
    public void A_rule_is_for_lines_when_it_reads_a_line_of_an_order(string on, string condition, bool perItem)
    {
        var program = Parse(Documents.WithEarn($"""
            earn:
              - name: rule
                on: {on}
                if: {condition}
                multiply: 2
            """));
        Assert.Equal(perItem, Assert.Single(program.Earn).PerItem);
    }

    [Fact]
    public void The_first_stage_always_holds()
    {
        var first = Parse(Documents.Minimal).Stages.Growth[0];
        Assert.Equal(("true", ConditionType.Truth), (first.When.Text, first.When.Type));
        Assert.Empty(first.From);
    }

    [Theory]
    [InlineData("12 months", 12, 0)]
    [InlineData("1 month", 1, 0)]
    [InlineData("90 days", 0, 90)]
    public void Expiry_rolls_by_months_or_days(string rolling, int months, int days)
    {
        var yaml = Documents.With("{name: Stars}", $"{{name: Stars, expiry: {{rolling: {rolling}, round: month}}}}");
        Assert.Equal(new Expiry(months, days, ExpiryRounding.Month), Parse(yaml).Points.Expiry);
    }

    [Fact]
    public void Line_ends_and_a_mark_of_byte_order_make_no_difference()
    {
        var yaml = "\uFEFF" + Documents.Minimal.Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Equal("small", Parse(yaml).Name);
    }

    private static TimeSpan Days(double days) => TimeSpan.FromDays(days);

    private static Program Parse(string yaml)
    {
        var result = ProgramDocument.Parse(yaml, version: 7);
        Assert.Empty(result.Errors);
        return result.Program!;
    }
}
