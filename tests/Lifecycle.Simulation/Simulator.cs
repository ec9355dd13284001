using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Running;

namespace Lifecycle.Simulation;

/// <summary>What became of one history.</summary>
/// <param name="Violation">Null when everything was right.</param>
/// <param name="Trace">Of two runs that are the same it is the same.</param>
public sealed record Played(string? Violation, ulong Trace, Counts Counts, long SimulatedMicros);

/// <summary>Plays histories.</summary>
public static class Simulator
{
    /// <summary>Lines of a script.</summary>
    public const int LengthDefault = 600;

    public static Played Play(int seed, Planting? planting = null, int length = LengthDefault) =>
        Play(seed, ScriptMaker.Make(seed, length), planting);

    public static Played Play(int seed, IReadOnlyList<Step> script, Planting? planting = null)
    {
        var world = new World(seed, planting ?? Planting.None);
        string? violation = null;
        try
        {
            world.Play(script);
        }
        catch (ViolationException e)
        {
            violation = e.Message;
        }

        return new(violation, world.Trace, world.Counts, world.SimulatedMicros);
    }
}
