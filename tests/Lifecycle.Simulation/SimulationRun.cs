using System.Diagnostics;
using Lifecycle.Simulation.Clients;
using Lifecycle.Simulation.Running;

namespace Lifecycle.Simulation;

/// <summary>Many histories, one after the other, with progress and a summary.</summary>
public static class SimulationRun
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    /// <summary>Answers 0 when everything was right and 1 otherwise.</summary>
    public static int Run(
        int first, int seeds, TimeSpan atLeast, int length, bool goesOn, TextWriter output, Planting? planting = null)
    {
        var counts = new Counts();
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        var simulated = 0L;
        var trace = 0UL;
        var played = 0;
        var failed = 0;
        for (var seed = first; played < seeds || clock.Elapsed < atLeast; seed++)
        {
            var one = Simulator.Play(seed, planting, length);
            counts.Add(one.Counts);
            simulated += one.SimulatedMicros;
            trace = unchecked(trace * 31 + one.Trace);
            played++;
            if (one.Violation is not null && !goesOn) return Fail(seed, length, one, output, planting);
            if (one.Violation is not null)
            {
                output.WriteLine($"Seed {seed}: {one.Violation}");
                failed++;
            }

            if (clock.Elapsed - told < ProgressEvery) continue;
            told = clock.Elapsed;
            output.WriteLine(
                $"{played} histories, seed {seed}, {counts.OperationsInAll:N0} operations, {told:hh\\:mm\\:ss}");
        }

        Write(counts, output);
        if (Coverage.Missing(counts) is { Count: > 0 } missing)
            output.WriteLine($"never happened: {string.Join(", ", missing)}");
        var seconds = clock.Elapsed.TotalSeconds;
        var operations = counts.OperationsInAll;
        output.WriteLine(
            $"{played} histories from seed {first}: {operations:N0} operations, {counts.Entries:N0} entries, " +
            $"{simulated / 86_400e6:N0} simulated days, trace {trace:x16}");
        var processor = Environment.CpuUsage.TotalTime.TotalSeconds;
        output.WriteLine(
            $"in {seconds:N1} s ({processor:N1} s of processor time), {operations / seconds:N0} operations a second. " +
            (failed == 0 ? "Nothing was wrong." : $"{failed} histories were wrong."));
        return failed == 0 ? 0 : 1;
    }

    /// <summary>How often what happened.</summary>
    public static void Write(Counts counts, TextWriter output)
    {
        Table("operations", counts.Operations);
        Table("faults", counts.Faults);
        Table("effects", counts.Effects);
        Table("answers", counts.Answers);

        void Table(string title, SortedDictionary<string, long> rows)
        {
            output.WriteLine(title);
            foreach (var (name, count) in rows) output.WriteLine($"  {name,-28} {count,12:N0}");
        }
    }

    private static int Fail(
        int seed, int length, Played played, TextWriter output, Planting? planting)
    {
        output.WriteLine($"Seed {seed}: {played.Violation}");
        output.WriteLine("Leaving out what it does not need...");
        var (script, violation) = Simulator.Shrink(seed, ScriptMaker.Make(seed, length), planting);
        foreach (var step in script) output.WriteLine($"  {step}");
        output.WriteLine($"ends in: {violation}");
        output.WriteLine($"The whole history again: --seed {seed} --seeds 1 --length {length}");
        return 1;
    }
}
