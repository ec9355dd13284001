using System.Collections.Immutable;
using Lifecycle.Domain.Conditions;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Programs;

/// <summary>The rules under which inputs are decided: a validated program document. Immutable.</summary>
public sealed record Program
{
    /// <summary>1, 2, 3… in the order the store took them; entries carry it.</summary>
    public required int Version { get; init; }

    /// <summary>The document's own name.</summary>
    public required string Name { get; init; }

    /// <summary>ISO 4217 code; every amount the program compares is in its minor units.</summary>
    public required string Currency { get; init; }

    /// <summary>Local days, months and birthdays are of this zone (IANA).</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    public required StageProgram Stages { get; init; }

    public required PointsProgram Points { get; init; }

    public required ImmutableArray<EarnRule> Earn { get; init; }

    /// <summary>The local day of an instant, days since 1970-01-01.</summary>
    public int LocalDay(Instant instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant.ToDateTimeOffset(), TimeZone);
        return (int)(DateOnly.FromDateTime(local.DateTime).DayNumber - UnixDayNumber);
    }

    private static readonly int UnixDayNumber = new DateOnly(1970, 1, 1).DayNumber;
}

/// <summary>The stages of a program and how silence is judged.</summary>
public sealed record StageProgram
{
    /// <summary>
    /// Stages with a condition, weakest first: the customer is in the last one that holds. The first has no condition
    /// that can fail, so there always is one.
    /// </summary>
    public required ImmutableArray<GrowthStage> Growth
    {
        get;
        init
        {
            field = value;
            var reads = value.SelectMany(stage => stage.When.Reads).Distinct().ToList();
            Windows = [.. reads.Where(variable => variable.WindowDays > 0)];
            ReadsRecency = reads.Exists(variable => variable.Fact == Fact.RecencyDays);
        }
    }

    /// <summary>The rolling windows that conditions of <see cref="Growth"/> read, each once.</summary>
    internal ImmutableArray<Variable> Windows { get; private init; }

    /// <summary>A condition of <see cref="Growth"/> reads how long ago the last order was.</summary>
    internal bool ReadsRecency { get; private init; }

    public required string AtRisk { get; init; }
    public required string Dormant { get; init; }
    public required string Churned { get; init; }

    /// <summary>Null where the program has no such stage.</summary>
    public required ReactivatedStage? Reactivated { get; init; }

    public required SilenceRule Silence { get; init; }

    /// <summary>The minimum stay in each stage by name, for those that have one.</summary>
    public required ImmutableDictionary<string, TimeSpan> Dwell { get; init; }
}

/// <param name="Name">Stored and shown.</param>
/// <param name="When">Over <c>customer.*</c>; boolean.</param>
/// <param name="From">It can only be entered from one of these; empty for any.</param>
public sealed record GrowthStage(string Name, Condition When, ImmutableArray<string> From);

/// <summary>
/// After Dormant or Churned: until <paramref name="OrderDays"/> order-days or <paramref name="For"/>.
/// </summary>
public sealed record ReactivatedStage(string Name, int OrderDays, TimeSpan For);

/// <summary>How long a silence means what, against the customer's own rhythm.</summary>
/// <param name="AtRisk">Quantile of the customer's gap past which they are at risk, in (0, 1).</param>
/// <param name="Dormant">Quantile past which they are dormant; above <paramref name="AtRisk"/>.</param>
/// <param name="ChurnedBelow">Churned when the probability of an order within the horizon is below it.</param>
/// <param name="Floor">No silence shorter than this means anything.</param>
/// <param name="Cap">A silence this long means the stage whatever the rhythm.</param>
/// <param name="Horizon">The horizon of <paramref name="ChurnedBelow"/>.</param>
/// <param name="PopulationShape">Shape r of the population's gamma distribution of order rates.</param>
/// <param name="PopulationMeanGap">The population's mean gap α/(r−1).</param>
/// <param name="DropoutPerOrder">The probability that a customer never orders again after an order.</param>
public sealed record SilenceRule(
    double AtRisk, double Dormant, double ChurnedBelow, TimeSpan Floor, TimeSpan Cap, TimeSpan Horizon,
    double PopulationShape, TimeSpan PopulationMeanGap, double DropoutPerOrder);

/// <summary>The currency of the program: points.</summary>
public sealed record PointsProgram
{
    /// <summary>What members call them.</summary>
    public required string Name { get; init; }

    /// <summary>What one point is worth, in minor units of the program's currency.</summary>
    public required long ValueMinor { get; init; }

    /// <summary>How long earnings wait before they can be spent; zero for at once.</summary>
    public required TimeSpan Pending { get; init; }

    public required Expiry Expiry { get; init; }

    public required WhenSpent WhenSpent { get; init; }

    /// <summary>How long after an order a return without an order id may be matched to it.</summary>
    public required TimeSpan ReturnWindow { get; init; }

    /// <summary>Whether the part of an order that was paid with points earns points.</summary>
    public required bool EarnOnPointsPaid { get; init; }
}

/// <summary>
/// When points expire after they are earned: <see cref="Months"/> calendar months, else <see cref="Days"/> days.
/// </summary>
/// <param name="Months">Calendar months in the program's time zone; 0 when days count.</param>
/// <param name="Days">Days of 24 hours; 0 when months count. Both 0: never.</param>
/// <param name="Round">The expiry moves to the end of that local day or month.</param>
public sealed record Expiry(int Months, int Days, ExpiryRounding Round)
{
    public static readonly Expiry None = new(0, 0, ExpiryRounding.None);
}

public enum ExpiryRounding
{
    None,
    Day,
    Month,
}

/// <summary>What a return does when the points that its order earned have been spent.</summary>
public enum WhenSpent
{
    /// <summary>The balance goes below zero and later earnings settle it.</summary>
    Negative,

    /// <summary>What is no longer there is not taken back.</summary>
    Forgive,
}

/// <summary>One way of earning: an award or a multiplier.</summary>
/// <param name="Name">Stored with every movement it causes.</param>
/// <param name="On">The event type.</param>
/// <param name="If">Over <c>event.*</c> and <c>customer.*</c>; null for always.</param>
/// <param name="Points">Whole points to award; null for a multiplier.</param>
/// <param name="Multiply">
/// Base points (of the awards on the same event) are multiplied by it: the extra is its own movement. Null for an
/// award.
/// </param>
/// <param name="PerItem">The condition reads a line's fields: the multiplier is for the lines where it holds.</param>
public sealed record EarnRule(
    string Name, string On, Condition? If, Condition? Points, decimal? Multiply, bool PerItem);
