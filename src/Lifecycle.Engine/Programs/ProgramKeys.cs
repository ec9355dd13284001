using System.Collections.Frozen;

namespace Lifecycle.Engine.Programs;

/// <summary>The keys of a program document, by the map they stand in.</summary>
public static class ProgramKeys
{
    public static readonly IReadOnlyList<string> Root =
        ["program", "currency", "time_zone", "stages", "silence", "points", "earn"];

    public static readonly IReadOnlyList<string> Stage =
        ["name", "when", "from", "dwell", "silence", "after", "until"];

    public static readonly IReadOnlyList<string> Until = ["order_days", "for"];

    public static readonly IReadOnlyList<string> Silence =
        ["at_risk", "dormant", "churned_below", "floor", "cap", "horizon", "population", "dropout"];

    public static readonly IReadOnlyList<string> Population = ["shape", "mean_gap"];

    public static readonly IReadOnlyList<string> Points =
        ["name", "value_minor", "pending", "expiry", "returns", "earn_on_points_paid"];

    public static readonly IReadOnlyList<string> Expiry = ["rolling", "round"];

    public static readonly IReadOnlyList<string> Returns = ["when_spent", "window"];

    public static readonly IReadOnlyList<string> Earn = ["name", "on", "if", "points", "multiply"];

    /// <summary>Every key of every map.</summary>
    public static IEnumerable<string> All =>
        new[] { Root, Stage, Until, Silence, Population, Points, Expiry, Returns, Earn }.SelectMany(k => k).Distinct();

    /// <summary>Keys that a later version will read: better an error than a rule that never runs.</summary>
    internal static readonly FrozenSet<string> Later =
        new[] { "tiers", "segments", "rules", "limits", "cap", "schedule" }.ToFrozenSet();
}
