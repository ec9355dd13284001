using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Running;

namespace Lifecycle.Simulation.Tests;

public sealed class SimulatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_seed_is_the_same_history_every_time(int seed)
    {
        var (first, second) = (Simulator.Play(seed), Simulator.Play(seed));
        Assert.Equal((first.Trace, first.SimulatedMicros), (second.Trace, second.SimulatedMicros));
        Assert.Equal(first.Counts.Answers, second.Counts.Answers);
        Assert.NotEqual(first.Trace, Simulator.Play(seed + 100).Trace);
    }

    [Fact]
    public void The_fixed_histories_are_right_and_leave_nothing_out()
    {
        var counts = new Counts();
        foreach (var seed in FixedSeeds.All)
        {
            var played = Simulator.Play(seed);
            counts.Add(played.Counts);
            if (played.Violation is null) continue;
            var (script, violation) = Simulator.Shrink(seed, ScriptMaker.Make(seed, Simulator.LengthDefault));
            Assert.Fail($"Seed {seed}: {played.Violation}\n{string.Join('\n', script)}\nends in: {violation}");
        }

        SimulationRun.Write(counts, Console.Out);
        Assert.Empty(Coverage.Missing(counts));
    }
}

internal static class FixedSeeds
{
    public static IEnumerable<int> All => Enumerable.Range(1, 60);
}
