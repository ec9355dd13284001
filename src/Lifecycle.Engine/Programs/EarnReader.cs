using System.Collections.Immutable;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Programs;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Engine.Programs;

/// <summary>Reads <c>earn</c>: the awards and multipliers.</summary>
internal static class EarnReader
{
    private const decimal MultiplyMax = 100;

    public static ImmutableArray<EarnRule> Read(Section root)
    {
        var items = root.List("earn", "a list of earning rules");
        if (items.Count > ProgramLimits.EarnRulesMax)
            root.Add("earn", $"there are {items.Count} rules, at most {ProgramLimits.EarnRulesMax} are allowed.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var rules = ImmutableArray.CreateBuilder<EarnRule>();
        foreach (var item in items.Take(ProgramLimits.EarnRulesMax))
        {
            if (root.AsSection("earn", item, ProgramKeys.Earn) is not { } section) continue;
            var rule = ReadRule(section);
            if (rule.Name.Length > 0 && !names.Add(rule.Name))
                section.Add("name", $"there is another rule {DocumentErrors.Quote(rule.Name)}: names are unique.");
            rules.Add(rule);
        }

        return rules.ToImmutable();
    }

    private static EarnRule ReadRule(Section section)
    {
        var name = section.RequireName("name") ?? "";
        var on = ReadEventType(section);
        var scope = EventVariables.Scope(on, isMultiplier: section.Has("multiply"));
        var condition = section.Condition("if", ConditionType.Truth, scope);
        var points = section.Condition("points", ConditionType.Whole, scope);
        decimal? multiply = section.Has("multiply")
            ? section.Number(
                "multiply", 2, "a number above 0, at most 100, but not 1", n => n is > 0 and <= MultiplyMax and not 1)
            : null;
        if (section.Has("points") == section.Has("multiply"))
        {
            section.Add(section.At, section.Has("points")
                ? "A rule awards points or multiplies them: expected 'points' or 'multiply', found both."
                : "A rule awards points or multiplies them: expected 'points' or 'multiply', found neither.");
        }

        var perItem = on == EventTypes.OrderPlaced && condition is not null && condition.Reads.Any(v => v.OfItem);
        return new(name, on, condition, points, multiply, perItem);
    }

    private static string ReadEventType(Section section)
    {
        var scalar = section.Scalar("on", "an event type such as order.placed");
        if (scalar is null || !section.CheckName("on", scalar, InputLimits.IdMax)) return EventTypes.OrderPlaced;
        return scalar.Text;
    }
}
