using Lifecycle.Simulation.Running;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Clients;

/// <summary>Draws a script from a seed.</summary>
public static class ScriptMaker
{
    public const int Customers = 8;

    /// <summary>Inputs of requests of several have numbers of their own.</summary>
    private const int TogetherFrom = 100_000_000;

    private const long Second = 1_000_000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;

    public static IReadOnlyList<Step> Make(int seed, int length)
    {
        var random = new Random(seed);
        // Some histories are quiet, some are all faults: what needs a long way undisturbed is reached as well.
        var trouble = random.Next(4) switch { 0 => 1, 1 => 4, 2 => 10, _ => 25 };
        var merges = random.Next(3) == 0 ? 0 : random.Next(5, 40);
        var steps = new List<Step>(length);
        for (var number = 1; number <= length; number++)
        {
            var step = random.Next(100) < trouble ? Trouble(random)
                : random.Next(1000) < merges ? Identity(random, number)
                : Ordinary(random, number);
            var then = random.Next(8) switch { 0 => random.Next(200), < 4 => 0, _ => random.Next(25) };
            steps.Add(step with { Line = number, Then = then });
        }

        return steps;
    }

    private static Step Ordinary(Random random, int number) => random.Next(100) switch
    {
        < 66 => Input(random, number, number),
        < 76 => new Step.Again(
            Math.Max(1, number - 1 - random.Next(random.Next(2) == 0 ? 6 : 200)), random.Next(12) == 0),
        < 80 => new Step.Together([.. Enumerable.Range(0, random.Next(2, 5))
            .Select(i => Input(random, number, number * 10 + TogetherFrom + i))]),
        < 94 => new Step.Look(random.Next(Customers)),
        < 98 => new Step.Wait(
            random.Next(12) == 0 ? random.NextInt64(5 * Minute) : random.NextInt64(3 * Second)),
        _ => new Step.Freeze(random.Next(3) == 0 ? random.NextInt64(3 * Day) : random.NextInt64(3 * Hour)),
    };

    private static Step.Send Input(Random random, int number, int id)
    {
        var ask = random.Next(100) switch
        {
            < 40 => Ask.Order,
            < 42 => Ask.SameOrder,
            < 52 => Ask.Return,
            < 70 => Ask.Visit,
            < 88 => Ask.Redeem,
            _ => Ask.Adjust,
        };
        var amount = ask switch
        {
            Ask.Order or Ask.SameOrder => random.Next(50, 20_000),
            Ask.Return => random.Next(3) == 0 ? 1_000_000 : random.Next(50, 9_000),
            Ask.Redeem => random.Next(1, 120),
            Ask.Adjust => random.Next(4) == 0 ? -random.Next(1, 60) : random.Next(1, 60),
            _ => 0,
        };
        var about = random.Next(10) == 0 ? number + random.Next(1, 10) : Math.Max(1, number - random.Next(40));
        var ago = random.Next(4) switch
        {
            0 => random.Next(60), 1 => random.Next(60 * 24 * (random.Next(4) == 0 ? 9 : 1)), _ => 0,
        };
        return new(
            id, random.Next(Customers), ask, amount, about, ago, random.Next(20) == 0, random.Next(12) == 0,
            ask < Ask.Redeem || random.Next(4) > 0, random.Next(6) == 0);
    }

    private static Step Identity(Random random, int number) => random.Next(5) > 1
        ? new Step.Merge(number, random.Next(Customers), random.Next(Customers))
        : new Step.Unmerge(number, random.Next(Customers), random.Next(Customers));

    private static Step Trouble(Random random) => random.Next(100) switch
    {
        < 45 => random.Next(12) == 0
            ? new Step.Fault(StoreCall.Append, Fate.FailLate)
            : new Step.Fault((StoreCall)random.Next(5), (Fate)random.Next(3)),
        < 58 => new Step.Kill(random.Next(2) == 0),
        < 66 => new Step.LosePower(random.Next(4)),
        < 70 => new Step.LoseTable(),
        < 75 => new Step.Stop(),
        < 85 => new Step.StartSecond(random.Next(2) == 0),
        < 90 => new Step.SetClock(
            (random.Next(2) == 0 ? 1 : -1) * random.NextInt64(random.Next(3) == 0 ? 5 * Hour : 5 * Second)),
        < 93 => new Step.ConfirmClock(),
        < 98 => new Step.Activate(
            random.Next(1, 4), random.Next(3) == 0 ? random.Next(100_000) : 0,
            random.Next(2) == 0 ? (Fate)random.Next(3) : null),
        _ => new Step.Withdraw(),
    };
}
