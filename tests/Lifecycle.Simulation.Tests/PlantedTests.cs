using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Tests.Planted;

namespace Lifecycle.Simulation.Tests;

/// <summary>A store that breaks one rule is found out within the fixed seeds.</summary>
public sealed class PlantedTests
{
    public static TheoryData<string> Names => [.. Plantings.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_bug_is_found(string name)
    {
        var found = FixedSeeds.All.Select(seed => Simulator.Play(seed, Plantings.All[name]).Violation)
            .FirstOrDefault(violation => violation is not null);
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {found}");
        Assert.NotNull(found);
    }

    [Fact]
    public void A_failure_is_told_by_a_short_script()
    {
        var planting = Plantings.All["acknowledged before the commit"];
        var seed = FixedSeeds.All.First(seed => Simulator.Play(seed, planting).Violation is not null);
        var script = ScriptMaker.Make(seed, Simulator.LengthDefault);
        var (shorter, violation) = Simulator.Shrink(seed, script, planting);
        Assert.InRange(shorter.Count, 1, 5);
        Assert.Equal(violation, Simulator.Play(seed, shorter, planting).Violation);
    }
}
