using System.Collections.Immutable;
using System.Globalization;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Customers;

/// <summary>What a reader sees of a customer at an instant.</summary>
public sealed record CustomerView
{
    /// <summary>The last journaled <c>seq</c>.</summary>
    public required long Version { get; init; }

    /// <summary>The customer's own id, where an alias was asked for; null where it is the same.</summary>
    public string? Customer { get; init; }

    /// <summary>The ids that lead here.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The instant it is true for.</summary>
    public required Instant AsOf { get; init; }

    public required StageView Stage { get; init; }
    public required PointsView Points { get; init; }
    public required MetricsView Metrics { get; init; }
    public required ImmutableArray<WarningView> Warnings { get; init; }

    /// <summary>
    /// When points or stage change next, or another program takes over, if nothing comes in;
    /// <see cref="Instant.Never"/> if neither happens.
    /// </summary>
    public required Instant NextChangeAt { get; init; }
}

/// <summary>The members of a view that are asked for most, by the same names.</summary>
/// <param name="NextExpiry">The first of what expires; null for nothing.</param>
public readonly record struct CustomerStatus(
    long Version, string Stage, long Available, long Pending, long Held, (long Points, Instant At)? NextExpiry,
    Instant NextChangeAt);

/// <param name="Name">The stage.</param>
/// <param name="Since">When the customer entered it.</param>
/// <param name="Reason">Why.</param>
/// <param name="NextReviewAt">When the stage changes next if nothing comes in.</param>
public sealed record StageView(string Name, Instant Since, string Reason, Instant NextReviewAt);

public sealed record PointsView
{
    public required long Available { get; init; }
    public required long Pending { get; init; }
    public required long Held { get; init; }

    /// <summary>What expires next, soonest first, at most <see cref="ExpiringMax"/>.</summary>
    public required ImmutableArray<ExpiringPoints> Expiring { get; init; }

    public required LifetimePoints Lifetime { get; init; }

    /// <summary>How many instants of expiry a view names.</summary>
    public const int ExpiringMax = 12;
}

public sealed record ExpiringPoints(long Points, Instant ExpiresAt);

/// <summary>Totals over the whole life. <c>Adjusted</c> is signed: given less taken.</summary>
public sealed record LifetimePoints(long Earned, long Redeemed, long Expired, long Reversed, long Adjusted);

public sealed record MetricsView
{
    /// <summary>By name: <c>7d</c>, <c>30d</c>, <c>90d</c>, <c>365d</c>, <c>lifetime</c>.</summary>
    public required ImmutableArray<(string Name, WindowTotals Totals)> Windows { get; init; }

    /// <summary>Whole days since the last valid order; null before the first.</summary>
    public required long? RecencyDays { get; init; }

    /// <summary>Order-days.</summary>
    public required long Frequency { get; init; }

    /// <summary>Net spend over the whole life.</summary>
    public required long MonetaryMinor { get; init; }

    /// <summary>Net spend for each valid order; null before the first.</summary>
    public required long? AovMinor { get; init; }

    /// <summary>
    /// Mean and standard deviation of the completed gaps between order-days, in days; null below one gap.
    /// </summary>
    public required double? InterpurchaseDays { get; init; }
    public required double? InterpurchaseSpreadDays { get; init; }

    /// <summary>The last order plus the mean gap; null below one gap.</summary>
    public required Instant? NextOrderExpectedAt { get; init; }

    public required Instant? FirstOrderAt { get; init; }
    public required Instant? LastOrderAt { get; init; }
    public required long Referrals { get; init; }

    /// <summary>Returns that could not be matched to an order, wholly or in part, and their amount.</summary>
    public required long UnmatchedReturns { get; init; }
    public required long UnmatchedReturnMinor { get; init; }

    /// <summary>Returns that wait for their order.</summary>
    public required int AwaitedReturns { get; init; }
}

/// <summary>
/// Sums over a window. Spend, units and discount are net of returns, which restate the order's own day.
/// </summary>
public readonly record struct WindowTotals(
    long Orders, long SpendMinor, long Units, long Returns, long Visits, long Views, long Searches, long DiscountMinor)
{
    public WindowTotals Plus(WindowTotals other) => new(
        Orders + other.Orders, SpendMinor + other.SpendMinor, Units + other.Units, Returns + other.Returns,
        Visits + other.Visits, Views + other.Views, Searches + other.Searches, DiscountMinor + other.DiscountMinor);

    public WindowTotals Minus(WindowTotals other) => new(
        Orders - other.Orders, SpendMinor - other.SpendMinor, Units - other.Units, Returns - other.Returns,
        Visits - other.Visits, Views - other.Views, Searches - other.Searches, DiscountMinor - other.DiscountMinor);
}

/// <param name="Code">A stable name, such as <c>rhythm</c>.</param>
/// <param name="Since">When it became true.</param>
/// <param name="Silent">How long the customer has been silent.</param>
/// <param name="Gaps">The customer's own.</param>
/// <param name="Rule">What they are judged by.</param>
public sealed record WarningView(string Code, Instant Since, TimeSpan Silent, GapStatistics Gaps, SilenceRule Rule)
{
    /// <summary>For a person. Made when it is read: a scan of everybody names the warning alone.</summary>
    public string Evidence => string.Create(
        CultureInfo.InvariantCulture,
        $"silent for {Silent.TotalDays:0.#} days: longer than {Silence.QuantileOf(Gaps, Rule, Silent):0.0%} of the gaps "
        + $"expected of them");
}
