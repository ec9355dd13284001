using System.Text.Json.Serialization;

namespace Lifecycle.Client;

/// <summary>Everything live of a customer.</summary>
/// <param name="Version">The number of its last entry.</param>
/// <param name="Aliases">The other ids that lead to it.</param>
public sealed record Customer(
    [property: JsonPropertyName("customer")] string Id, long Version, Stage Stage, Points Points, Metrics Metrics,
    IReadOnlyList<Warning> Warnings, IReadOnlyList<string> Aliases, DateTimeOffset? NextChangeAt = null,
    DateTimeOffset? AsOf = null)
{
    /// <summary>For conditional reads and for <see cref="CommandOptions.IfMatch"/>.</summary>
    [JsonIgnore]
    public string ETag { get; init; } = "";
}

public sealed record Stage(
    string Name, string Reason, DateTimeOffset? Since = null, DateTimeOffset? NextReviewAt = null);

public sealed record Points(
    long Available, long Pending, long Held, IReadOnlyList<ExpiringPoints> Expiring, LifetimePoints Lifetime);

public sealed record ExpiringPoints([property: JsonPropertyName("points")] long Count, DateTimeOffset? ExpiresAt);

public sealed record LifetimePoints(long Earned, long Redeemed, long Expired, long Reversed, long Adjusted);

public sealed record Warning(string Code, string Evidence, DateTimeOffset? Since = null);

/// <summary>Sums and rhythms.</summary>
/// <param name="Windows">By name: <c>7d</c>, <c>30d</c>, <c>90d</c>, <c>365d</c>, <c>lifetime</c>.</param>
public sealed record Metrics(
    IReadOnlyDictionary<string, MetricsWindow> Windows, long Frequency, long MonetaryMinor, long? RecencyDays = null,
    long? AovMinor = null, double? InterpurchaseDays = null, double? InterpurchaseSpreadDays = null,
    DateTimeOffset? NextOrderExpectedAt = null, DateTimeOffset? FirstOrderAt = null,
    DateTimeOffset? LastOrderAt = null, long Referrals = 0, long UnmatchedReturns = 0, long UnmatchedReturnMinor = 0,
    int AwaitedReturns = 0);

public sealed record MetricsWindow(
    long Orders, long SpendMinor, long Units, long Returns, long Visits, long Views, long Searches, long DiscountMinor);

/// <summary>The small answer for member apps.</summary>
/// <param name="Stage">Its name.</param>
public sealed record CustomerStatus(
    [property: JsonPropertyName("customer")] string Id, long Version, string Stage, long Available, long Pending,
    long Held, NextExpiry? NextExpiry = null, DateTimeOffset? NextChangeAt = null, DateTimeOffset? AsOf = null)
{
    /// <summary>For conditional reads and for <see cref="CommandOptions.IfMatch"/>.</summary>
    [JsonIgnore]
    public string ETag { get; init; } = "";
}

public sealed record NextExpiry(long Points, DateTimeOffset? At);
