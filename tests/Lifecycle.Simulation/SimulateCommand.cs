using System.CommandLine;
using Lifecycle.Tests.Shared.Usage;

namespace Lifecycle.Simulation;

/// <summary>The command line of the simulator.</summary>
internal static class SimulateCommand
{
    private const int MinutesMax = 100_000;

    public static RootCommand Make()
    {
        var seeds = new Option<int>("--seeds")
        {
            Description = "How many histories to play.", DefaultValueFactory = _ => 100,
        };
        var first = new Option<int>("--seed")
        {
            Description = "The first seed; with --seeds 1 it replays a failure.", DefaultValueFactory = _ => 1,
        };
        var minutes = new Option<double>("--minutes")
        {
            Description = "Plays on with further seeds for so long; 0 for --seeds alone.", DefaultValueFactory = _ => 0,
        };
        var length = new Option<int>("--length")
        {
            Description = "Lines of each script.", DefaultValueFactory = _ => Simulator.LengthDefault,
        };
        var goOn = new Option<bool>("--go-on") { Description = "Plays on after a failure, and tells each in a line." };
        foreach (var count in new[] { seeds, length }) Tool.Require<int>(count, value => value >= 1, "1 or more");
        Tool.Require<int>(first, value => value >= 0, "0 or more");
        Tool.Require<double>(minutes, value => value is >= 0 and <= MinutesMax, $"between 0 and {MinutesMax}");
        var command = new RootCommand(
            "Plays random histories of the whole engine, faults included, and judges every answer.")
        {
            seeds, first, minutes, length, goOn,
        };
        command.SetAction(parsed => SimulationRun.Run(
            parsed.GetValue(first), parsed.GetValue(seeds), TimeSpan.FromMinutes(parsed.GetValue(minutes)),
            parsed.GetValue(length), parsed.GetValue(goOn), Console.Out));
        return command;
    }
}
