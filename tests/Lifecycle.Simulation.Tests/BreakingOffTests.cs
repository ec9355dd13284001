using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Running;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Tests;

/// <summary>An exception that nobody expects is a failure like any other: with its seed and a short script.</summary>
public sealed class BreakingOffTests
{
    [Fact]
    public void What_breaks_off_a_history_is_told_with_its_seed_and_made_short()
    {
        using var output = new StringWriter();
        Assert.Equal(1, SimulationRun.Run(7, 1, TimeSpan.Zero, 600, false, output, new LateProcesses()));
        var lines = output.ToString().Split('\n');
        Assert.StartsWith("Seed 7: Broke off: NotImplementedException: Process 3", lines[0], StringComparison.Ordinal);
        // Two processes have to end for a third one to begin.
        var script = lines.SkipWhile(line => !line.StartsWith("Leaving out", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).ToArray();
        Assert.InRange(script.Length, 1, 4);
        Assert.Contains("--seed 7 --seeds 1 --length 600", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_start_that_fails_for_no_fault_of_the_store_is_a_violation()
    {
        var played = Simulator.Play(1, new NoJournal());
        Assert.StartsWith("The start of process 1 met System.", played.Violation, StringComparison.Ordinal);
    }

    private sealed class LateProcesses : Planting
    {
        private MemoryDisk? _disk;
        private int _started;

        public override IStore Wrap(IStore store, MemoryDisk disk, Weather weather)
        {
            if (_disk != disk) (_disk, _started) = (disk, 0);
            return ++_started < 3 ? store : throw new NotImplementedException("Process 3 has no store.");
        }
    }

    private sealed class NoJournal : Planting
    {
        public override IStore Wrap(IStore store, MemoryDisk disk, Weather weather) => new WrappedStore(store, null!);
    }
}
