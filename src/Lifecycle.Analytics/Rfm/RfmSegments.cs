using System.Collections.Immutable;

namespace Lifecycle.Analytics.Rfm;

/// <summary>
/// The ten widely used segments of recency and frequency scores, 1 (worst) to 5. The names are spelt as in the tables
/// that people compare with, odd spellings included.
/// </summary>
public static class RfmSegments
{
    public const string AboutToSleep = "about_to_sleep";
    public const string AtRisk = "at_Risk";
    public const string CantLose = "cant_loose";
    public const string Champions = "champions";
    public const string Hibernating = "hibernating";
    public const string Loyal = "loyal_customers";
    public const string NeedAttention = "need_attention";
    public const string New = "new_customers";
    public const string PotentialLoyalists = "potential_loyalists";
    public const string Promising = "promising";

    /// <summary>Every segment, ordered by name.</summary>
    public static readonly ImmutableArray<string> All =
    [
        AboutToSleep, AtRisk, CantLose, Champions, Hibernating, Loyal, NeedAttention, New, PotentialLoyalists,
        Promising,
    ];

    /// <summary>The segment of two scores, each 1 to 5.</summary>
    public static string Of(int recency, int frequency) => (recency, frequency) switch
    {
        (<= 2, <= 2) => Hibernating,
        (<= 2, <= 4) => AtRisk,
        (<= 2, _) => CantLose,
        (3, <= 2) => AboutToSleep,
        (3, 3) => NeedAttention,
        (<= 4, >= 4) => Loyal,
        (4, 1) => Promising,
        (5, 1) => New,
        (_, <= 3) => PotentialLoyalists,
        _ => Champions,
    };
}
