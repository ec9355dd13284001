using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Running;

namespace Lifecycle.Simulation;

/// <summary>What became of one history.</summary>
/// <param name="Violation">Null when everything was right.</param>
/// <param name="Trace">Of two runs that are the same it is the same.</param>
/// <param name="Begun">Lines of the script that were begun.</param>
public sealed record Played(string? Violation, ulong Trace, Counts Counts, long SimulatedMicros, int Begun);

/// <summary>Plays histories. The same seed gives the same history, to the last step.</summary>
public static class Simulator
{
    /// <summary>Lines of a script.</summary>
    public const int LengthDefault = 600;

    /// <summary>So begins what is said of a history that an exception ended which nobody expects.</summary>
    public const string BrokeOff = "Broke off:";

    /// <summary>Histories that are played to make a script shorter.</summary>
    private const int TriesMax = 1_500;

    /// <summary>Of two violations that begin with as many same words one is taken for the other.</summary>
    private const int KindWords = 4;

    public static Played Play(int seed, Planting? planting = null, int length = LengthDefault) =>
        Play(seed, ScriptMaker.Make(seed, length), planting);

    public static Played Play(int seed, IReadOnlyList<Step> script, Planting? planting = null)
    {
        var world = new World(seed, planting ?? Planting.None);
        string? violation = null;
        // What the caller awaits elsewhere must not be where the engine goes on.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            world.Play(script);
        }
        catch (ViolationException e)
        {
            violation = e.Message;
        }
        catch (Exception e)
        {
            // Of the engine or of the simulator: nobody foresaw it, and the seed and the script lead there again.
            violation = $"{BrokeOff} {e.GetType().Name}: {e.Message}\n{e.StackTrace}";
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        return new(violation, world.Trace, world.Counts, world.SimulatedMicros, world.Begun);
    }

    /// <summary>Leaves out line after line of a script that goes wrong, as long as it goes wrong that way.</summary>
    public static (IReadOnlyList<Step> Script, string Violation) Shrink(
        int seed, IReadOnlyList<Step> script, Planting? planting = null)
    {
        var played = Play(seed, script, planting);
        var violation = played.Violation ?? throw new ArgumentException("Nothing goes wrong in this script.");
        var left = script.Take(played.Begun).ToList();
        var kind = KindOf(violation);
        var tries = 0;
        for (var size = Math.Max(1, left.Count / 2); size > 0 && tries < TriesMax; size /= 2)
        {
            for (var from = 0; from < left.Count && tries < TriesMax; tries++)
            {
                List<Step> shorter = [.. left.Take(from), .. left.Skip(from + size)];
                if (Play(seed, shorter, planting).Violation is { } still && KindOf(still) == kind)
                    (left, violation) = (shorter, still);
                else from += size;
            }
        }

        return (left, violation);
    }

    /// <summary>Its first words, without names, numbers and types of inputs.</summary>
    private static string KindOf(string violation) => string.Join(
        ' ', violation.Split(' ').Where(word => !word.Any(c => char.IsDigit(c) || c is '.' or '#')).Take(KindWords));
}
