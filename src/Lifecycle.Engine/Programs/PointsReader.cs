using System.Globalization;
using Lifecycle.Domain.Programs;
using Lifecycle.Engine.Programs.Yaml;

namespace Lifecycle.Engine.Programs;

/// <summary>Reads <c>points</c>: what they are called and worth, when they can be spent and when they expire.</summary>
internal static class PointsReader
{
    private const int MonthsMax = 120;
    private const int DaysMax = 3650;
    private const long ValueMinorMax = 1_000_000;
    private const string ExpiryExpected = "none, or a map such as {rolling: 12 months, round: month}";

    private static readonly TimeSpan PendingMax = TimeSpan.FromDays(365);
    private static readonly TimeSpan WindowMax = TimeSpan.FromDays(730);
    private static readonly TimeSpan WindowDefault = TimeSpan.FromDays(180);

    private static readonly Dictionary<string, bool> Truths = new() { ["true"] = true, ["false"] = false };

    private static readonly Dictionary<string, ExpiryRounding> Roundings = new()
    {
        ["none"] = ExpiryRounding.None,
        ["day"] = ExpiryRounding.Day,
        ["month"] = ExpiryRounding.Month,
    };

    private static readonly Dictionary<string, WhenSpent> Policies = new()
    {
        ["negative"] = WhenSpent.Negative,
        ["forgive"] = WhenSpent.Forgive,
    };

    public static PointsProgram? Read(Section? section)
    {
        if (section is null) return null;
        var returns = section.Child("returns", ProgramKeys.Returns);
        var points = new PointsProgram
        {
            Name = section.RequireName("name") ?? "",
            ValueMinor = section.Whole("value_minor", 1, 0, ValueMinorMax),
            Pending = section.Duration("pending", TimeSpan.Zero, TimeSpan.Zero, PendingMax),
            Expiry = ReadExpiry(section),
            WhenSpent = returns?.Choice("when_spent", WhenSpent.Negative, Policies) ?? WhenSpent.Negative,
            ReturnWindow = returns?.Duration("window", WindowDefault, TimeSpan.Zero, WindowMax) ?? WindowDefault,
            EarnOnPointsPaid = section.Choice("earn_on_points_paid", false, Truths),
        };
        return points;
    }

    private static Expiry ReadExpiry(Section section)
    {
        if (section.Find("expiry") is not { } node) return Expiry.None;
        if (node is DocumentNode.Scalar scalar)
        {
            if (scalar.Text == "none") return Expiry.None;
            section.Add("expiry", $"expected {ExpiryExpected}, found {DocumentErrors.Quote(scalar.Text)}.");
            return Expiry.None;
        }

        if (section.AsSection("expiry", node, ProgramKeys.Expiry) is not { } expiry) return Expiry.None;
        const string expected = "1 to 120 months or 1 to 3650 days, such as '12 months' or '365 days'";
        var round = expiry.Choice("round", ExpiryRounding.Day, Roundings);
        if (expiry.Require("rolling", expected) is not { } rolling) return Expiry.None;
        if (expiry.AsScalar("rolling", rolling, expected) is not { } text) return Expiry.None;
        if (ParseRolling(text.Text) is var (months, days)) return new(months, days, round);
        expiry.Add("rolling", $"expected {expected}, found {DocumentErrors.Quote(text.Text)}.");
        return Expiry.None;
    }

    private static (int Months, int Days)? ParseRolling(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2) return null;
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        return parts[1] switch
        {
            "month" or "months" when count is >= 1 and <= MonthsMax => (count, 0),
            "day" or "days" when count is >= 1 and <= DaysMax => (0, count),
            _ => null,
        };
    }
}
