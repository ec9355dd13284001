using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Programs;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Engine.Tests.Programs;

public sealed class ShippedProgramsTests
{
    public static TheoryData<string> Names => [.. ShippedPrograms.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_program_is_valid_and_named_like_its_file(string name)
    {
        var result = ProgramDocument.Parse(ShippedPrograms.Read(name), 1);
        Assert.Empty(result.Errors);
        Assert.Equal(name, result.Program!.Name);
    }

    [Fact]
    public void The_default_program_is_the_one_the_domain_describes()
    {
        var program = ProgramDocument.Parse(ShippedPrograms.Default, 1).Program!;
        Assert.Equal(["Prospect", "New", "Growing", "Loyal", "Advocate"], program.Stages.Growth.Select(g => g.Name));
        Assert.Equal(("AtRisk", "Dormant", "Churned", "Reactivated"),
            (program.Stages.AtRisk, program.Stages.Dormant, program.Stages.Churned, program.Stages.Reactivated?.Name));
        Assert.Equal(("EUR", "Europe/Berlin"), (program.Currency, program.TimeZone.Id));
        Assert.Equal(("Stars", 1L, TimeSpan.FromDays(14), new Expiry(12, 0, ExpiryRounding.Month), WhenSpent.Negative),
            (program.Points.Name, program.Points.ValueMinor, program.Points.Pending, program.Points.Expiry,
                program.Points.WhenSpent));
        Assert.Equal("floor(event.amount_minor / 100)", Assert.Single(program.Earn).Points?.Text);
    }

    [Fact]
    public void The_silence_that_the_default_program_spells_out_is_the_default_silence()
    {
        var spelled = ProgramDocument.Parse(ShippedPrograms.Default, 1).Program!.Stages.Silence;
        Assert.Equal(ProgramDocument.Parse(Documents.Minimal, 1).Program!.Stages.Silence, spelled);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, "Prospect")]
    [InlineData(1, 1, 1, 0, "New")]
    [InlineData(2, 1, 2, 0, "New")]
    [InlineData(2, 2, 2, 0, "Growing")]
    [InlineData(9, 9, 5, 3, "Growing")]
    [InlineData(6, 5, 6, 0, "Loyal")]
    [InlineData(6, 5, 6, 1, "Advocate")]
    public void The_default_stages_follow_orders_and_referrals(
        long orders, long orderDays, long ordersInYear, long referrals, string stage)
    {
        var facts = new Facts(new()
        {
            ["customer.orders"] = orders,
            ["customer.order_days"] = orderDays,
            ["customer.orders_365d"] = ordersInYear,
            ["customer.referrals"] = referrals,
        });
        var growth = ProgramDocument.Parse(ShippedPrograms.Default, 1).Program!.Stages.Growth;
        Assert.Equal(stage, growth.Last(g => g.When.Evaluate(facts).Truth).Name);
    }

    [Fact]
    public void Another_name_is_refused() => Assert.Throws<ArgumentException>(() => ShippedPrograms.Read("../x"));

    private sealed class Facts(Dictionary<string, long> values) : IFacts
    {
        public Value Get(Variable variable) => new(Whole: values.GetValueOrDefault(variable.Name));
    }
}
