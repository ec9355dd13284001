using System.Collections.Immutable;
using System.Numerics;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Points;

/// <summary>Points that one rule gives.</summary>
internal readonly record struct EarnedPoints(string Rule, long Points);

/// <summary>An earning rule has no value for this event; the message names the rule.</summary>
internal sealed class RuleFailedException(string message) : Exception(message);

/// <summary>What an event earns, rule by rule.</summary>
/// <remarks>
/// The awards add up to the base. A multiplier m adds floor(base · (m − 1) · share), where share is 1, or for a
/// condition
/// on lines the part of the lines' amount where it holds. The part of an order paid with points earns nothing unless
/// the program says so. Everything is rounded towards zero, for each rule on its own.
/// </remarks>
internal static class EarnRules
{
    public static ImmutableArray<EarnedPoints> Apply(
        Program program, CustomerState state, Instant at, Input.Event input, long netMinor)
    {
        if (!Any(program, input.Type)) return [];
        var earned = ImmutableArray.CreateBuilder<EarnedPoints>(2);
        var customer = new StateFacts(state, at);
        var facts = new EventFacts(customer, input, netMinor, item: null);
        var cash = CashShare(program, input);
        var total = 0L;
        foreach (var rule in program.Earn)
        {
            if (rule.Points is null || rule.On != input.Type) continue;
            var points = Award(rule, facts, cash);
            if (points <= 0) continue;
            earned.Add(new(rule.Name, points));
            total += points;
        }

        foreach (var rule in program.Earn)
        {
            if (rule.Multiply is not { } factor || rule.On != input.Type || total == 0) continue;
            var share = ShareOf(rule, facts, customer, input, netMinor);
            var extra = share.Of(total, factor - 1);
            if (extra > 0) earned.Add(new(rule.Name, extra));
            else if (extra < 0) Reduce(earned, -extra);
        }

        var all = 0m;
        foreach (var one in earned) all += one.Points;
        return all <= InputLimits.AmountMax
            ? earned.DrainToImmutable()
            : throw new RuleFailedException(
                $"The earning rules give {all} points, more than one event can earn ({InputLimits.AmountMax}). " +
                "Correct the program and replay the event.");
    }

    private static bool Any(Program program, string type)
    {
        foreach (var rule in program.Earn)
            if (rule.On == type) return true;
        return false;
    }

    private static long Award(EarnRule rule, EventFacts facts, Share cash)
    {
        try
        {
            var points = Holds(rule, facts) ? rule.Points!.Evaluate(facts).Whole : 0;
            if (points > InputLimits.AmountMax)
                throw new ConditionException($"{points} points are more than one event can earn");
            return points <= 0 ? 0 : cash.Of(points, 1);
        }
        catch (ConditionException failed)
        {
            throw Failed(rule, failed);
        }
    }

    /// <summary>The part of the order that was not paid with points.</summary>
    private static Share CashShare(Program program, Input.Event input)
    {
        var paid = input.Data.Integer(EventSchema.PointsPaid) ?? 0;
        var amount = input.Data.Integer(EventSchema.AmountMinor) ?? 0;
        if (paid == 0 || amount == 0 || program.Points.EarnOnPointsPaid) return Share.All;
        return new((long)Int128.Max(0, amount - (Int128)paid * program.Points.ValueMinor), amount);
    }

    private static bool Holds(EarnRule rule, IFacts facts) => rule.If?.Evaluate(facts).Truth ?? true;

    private static Share ShareOf(
        EarnRule rule, EventFacts facts, StateFacts customer, Input.Event input, long netMinor)
    {
        try
        {
            if (!rule.PerItem || input.Data.Items.IsEmpty) return Holds(rule, facts) ? Share.All : Share.None;
            long all = 0, matching = 0;
            foreach (var item in input.Data.Items)
            {
                all += item.AmountMinor;
                if (Holds(rule, new EventFacts(customer, input, netMinor, item))) matching += item.AmountMinor;
            }

            return all == 0 ? Share.None : new(matching, all);
        }
        catch (ConditionException failed)
        {
            throw Failed(rule, failed);
        }
    }

    /// <summary>A factor below one takes from the awards, the last first.</summary>
    private static void Reduce(ImmutableArray<EarnedPoints>.Builder earned, long points)
    {
        for (var i = earned.Count - 1; i >= 0 && points > 0; i--)
        {
            var taken = Math.Min(points, earned[i].Points);
            points -= taken;
            if (taken == earned[i].Points) earned.RemoveAt(i);
            else earned[i] = earned[i] with { Points = earned[i].Points - taken };
        }
    }

    private static RuleFailedException Failed(EarnRule rule, ConditionException failed) => new(
        $"The earning rule '{rule.Name}' has no value for this event: {failed.Message}. " +
        "Correct the program and replay the event.");

    /// <summary>A part of a whole, kept as two numbers: a third as a decimal would make 99 points of 300.</summary>
    private readonly record struct Share(long Part, long Whole)
    {
        public static readonly Share All = new(1, 1);
        public static readonly Share None = new(0, 1);

        /// <summary>points · factor · part ÷ whole, rounded towards zero; exact.</summary>
        public long Of(long points, decimal factor)
        {
            if (Part == Whole && factor == 1) return points;
            Span<int> bits = stackalloc int[4];
            decimal.GetBits(factor, bits);
            var digits = new BigInteger(new decimal(bits[0], bits[1], bits[2], factor < 0, 0));
            return (long)(points * digits * Part / (BigInteger.Pow(10, factor.Scale) * Whole));
        }
    }
}
