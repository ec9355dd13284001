using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using static Lifecycle.Domain.Tests.Support.Sample;

namespace Lifecycle.Domain.Tests.Support;

/// <summary>
/// One step of a random history: what happens, how long after the last, and two numbers that say more.
/// </summary>
public sealed record Step(int Kind, int Wait, int A, int B)
{
    private static readonly double[] WaitDays = [0, 0, 0, 0.04, 0.5, 1, 1, 2, 3, 7, 15, 25, 61, 100, 200, 410];
    private static readonly string[] Skus = ["A", "B", "C", "D", ""];
    private static readonly string[] Types =
        [EventTypes.Visit, EventTypes.ProductViewed, EventTypes.SearchPerformed, EventTypes.ReferralCompleted, "other"];

    /// <summary>Histories of up to so many steps; a failing one is shrunk by leaving steps out.</summary>
    public static Arbitrary<Step[]> Histories(int stepsMax)
    {
        var step =
            from kind in Gen.Choose(0, 19)
            from wait in Gen.Choose(0, WaitDays.Length - 1)
            from a in Gen.Choose(0, 9_999)
            from b in Gen.Choose(0, 9_999)
            select new Step(kind, wait, a, b);
        var steps = Gen.Choose(1, stepsMax).SelectMany(count => Gen.ArrayOf(step, count));
        return Arb.From(steps, history => Enumerable.Range(0, history.Length)
            .Select(left => history.Where((_, i) => i != left).ToArray()).Where(shorter => shorter.Length > 0));
    }

    public static Journey Play(Journey journey, IEnumerable<Step> steps)
    {
        var number = journey.Entries.Count;
        foreach (var step in steps) step.Play(journey, number++);
        return journey;
    }

    public void Play(Journey journey, int number)
    {
        var at = Instant.Max(journey.State.At, Start).Plus((long)(WaitDays[Wait] * Instant.MicrosPerDay) + A);
        journey.Apply(InputAt(at, number), at);
    }

    private Input InputAt(Instant at, int number)
    {
        var order = $"o{A % 12}";
        var late = at.Plus(-(long)(B / 9_999.0 * 300 * Instant.MicrosPerDay));
        return Kind switch
        {
            <= 4 => NewOrder($"o{number % 12}-{number / 12}", at),
            5 => NewOrder(order, at),
            6 => NewOrder($"late{number}", late),
            7 => NewOrder($"staff{number}", at).With(EventSchema.Kind, "staff"),
            8 => NewOrder($"test{number}", at).With(EventSchema.Kind, "test"),
            9 or 10 => Return($"o{A % 12}-{B % 2}", at, B * 2, $"{number}"),
            11 => Return(order, late, B, $"{number}"),
            12 => ReturnLines($"o{A % 12}-{B % 2}", at, Lines()) with { Id = $"lines{number}" },
            13 or 14 => ReturnLines(null, at, Lines()) with { Id = $"lines{number}" },
            15 => Redeem(B % 200, at),
            16 => Adjust(B % 201 - 100, at),
            17 => Event(Types[A % Types.Length], late),
            _ => Event(Types[A % Types.Length], at),
        };
    }

    private Input.Event NewOrder(string id, Instant at)
    {
        var items = B % 4 == 0 ? [] : Lines();
        var amount = B % 17 == 0 ? 0 : items.Sum(item => item.AmountMinor) + (B % 3 == 0 ? 490 : 0) + (items.Length == 0 ? B : 0);
        return Order(id, at, amount, items)
            .With(EventSchema.DiscountMinor, A % 5 * 33).With(EventSchema.TaxMinor, amount / 7);
    }

    private OrderItem[] Lines() =>
    [
        .. from i in Enumerable.Range(0, 1 + A % 3)
           let number = A / 7 + B / 3 + i * 5
           select Line(Skus[number % Skus.Length], number % 4, number % 11 == 0 ? 0 : number * 7, number % 2 == 0 ? "tea" : ""),
    ];
}
