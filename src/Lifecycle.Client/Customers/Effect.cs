using System.Text.Json.Serialization;

namespace Lifecycle.Client;

/// <summary>One consequence inside an entry. A kind that this version does not know is a plain effect.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(PointsMoved), "points_moved")]
[JsonDerivedType(typeof(StageChanged), "stage_changed")]
[JsonDerivedType(typeof(OrderCounted), "order_counted")]
[JsonDerivedType(typeof(ReturnMatched), "return_matched")]
[JsonDerivedType(typeof(ReturnCounted), "return_counted")]
[JsonDerivedType(typeof(ReturnAwaited), "return_awaited")]
[JsonDerivedType(typeof(ReturnReleased), "return_released")]
[JsonDerivedType(typeof(ReturnUnmatched), "return_unmatched")]
[JsonDerivedType(typeof(ActivityCounted), "activity_counted")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Left), "left")]
[JsonDerivedType(typeof(Joined), "joined")]
[JsonDerivedType(typeof(Split), "split")]
[JsonDerivedType(typeof(Rejoined), "rejoined")]
[JsonDerivedType(typeof(Settled), "settled")]
public record Effect;

/// <summary>Points moved between accounts. Both dates null: points owed.</summary>
public sealed record PointsMoved(
    string Debit, string Credit, long Points, string Cause, string? Rule = null, string? Order = null,
    DateTimeOffset? AvailableAt = null, DateTimeOffset? ExpiresAt = null) : Effect;

public sealed record StageChanged(string From, string To, string Role, string Reason) : Effect;

public sealed record OrderCounted(
    string Order, long GrossMinor, long NetMinor, long DiscountMinor, long Units, bool Counts,
    DateTimeOffset? OccurredAt = null, DateTimeOffset? OpenUntil = null) : Effect;

public sealed record ReturnMatched(
    string Order, long OrderSeq, long GrossMinor, long NetMinor, long DiscountMinor, long Units, bool Whole,
    DateTimeOffset? OrderOccurredAt = null) : Effect;

public sealed record ReturnCounted(DateTimeOffset? OccurredAt = null) : Effect;

public sealed record ReturnAwaited(string Order) : Effect;

public sealed record ReturnReleased(string Order, long ReturnSeq) : Effect;

public sealed record ReturnUnmatched(long AmountMinor, long Units) : Effect;

public sealed record ActivityCounted(string Activity, DateTimeOffset? OccurredAt = null) : Effect;

/// <summary>A command with a key was refused; the entry moves nothing.</summary>
public sealed record Refused(string Code, string Detail) : Effect;
