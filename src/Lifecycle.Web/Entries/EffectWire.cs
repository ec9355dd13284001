using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Stages;
using Lifecycle.Web.Wire;
using ActivityKind = Lifecycle.Domain.Metrics.ActivityKind;

namespace Lifecycle.Web.Entries;

/// <summary>One consequence inside an entry; <c>kind</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PointsMovedWire), "points_moved")]
[JsonDerivedType(typeof(StageChangedWire), "stage_changed")]
[JsonDerivedType(typeof(OrderCountedWire), "order_counted")]
[JsonDerivedType(typeof(ReturnMatchedWire), "return_matched")]
[JsonDerivedType(typeof(ReturnCountedWire), "return_counted")]
[JsonDerivedType(typeof(ReturnAwaitedWire), "return_awaited")]
[JsonDerivedType(typeof(ReturnReleasedWire), "return_released")]
[JsonDerivedType(typeof(ReturnUnmatchedWire), "return_unmatched")]
[JsonDerivedType(typeof(ActivityCountedWire), "activity_counted")]
[JsonDerivedType(typeof(RefusedWire), "refused")]
public abstract record EffectWire
{
    public static EffectWire Of(Effect effect) => effect switch
    {
        Effect.PointsMoved e => new PointsMovedWire(
            e.Debit.Name(), e.Credit.Name(), e.Points, e.Lot.AvailableAt.ToWire(), e.Lot.ExpiresAt.ToWire(), e.Cause,
            e.Rule.Length == 0 ? null : e.Rule, Hex(e.Order)),
        Effect.StageChanged e => new StageChangedWire(e.From, e.To, NameOf(e.Role), e.Reason),
        Effect.OrderCounted e => new OrderCountedWire(
            Hex(e.Order)!, e.OccurredAt.ToWire(), e.GrossMinor, e.NetMinor, e.DiscountMinor, e.Units, e.Counts,
            e.OpenUntil.ToWire()),
        Effect.ReturnMatched e => new ReturnMatchedWire(
            Hex(e.Order)!, e.OrderSeq, e.OrderOccurredAt.ToWire(), e.GrossMinor, e.NetMinor, e.DiscountMinor, e.Units,
            e.Whole),
        Effect.ReturnCounted e => new ReturnCountedWire(e.OccurredAt.ToWire()),
        Effect.ReturnAwaited e => new ReturnAwaitedWire(Hex(e.Order)!),
        Effect.ReturnReleased e => new ReturnReleasedWire(Hex(e.Order)!, e.ReturnSeq),
        Effect.ReturnUnmatched e => new ReturnUnmatchedWire(e.AmountMinor, e.Units),
        Effect.ActivityCounted e => new ActivityCountedWire(NameOf(e.Kind), e.OccurredAt.ToWire()),
        Effect.Refused e => new RefusedWire(e.Code, e.Detail),
        _ => throw new UnreachableException($"The effect {effect.GetType()} has no wire form."),
    };

    /// <summary>An order's key: 16 hexadecimal digits.</summary>
    internal static string? Hex(OrderKey? order) => order?.Value.ToString("x16", CultureInfo.InvariantCulture);

    private static string NameOf(StageRole role) => role switch
    {
        StageRole.Growth => "growth",
        StageRole.AtRisk => "at_risk",
        StageRole.Dormant => "dormant",
        StageRole.Churned => "churned",
        StageRole.Reactivated => "reactivated",
        _ => throw new UnreachableException($"The stage role {role} has no name."),
    };

    private static string NameOf(ActivityKind kind) => kind switch
    {
        ActivityKind.Visit => "visit",
        ActivityKind.ProductView => "product_view",
        ActivityKind.Search => "search",
        ActivityKind.Referral => "referral",
        _ => throw new UnreachableException($"The activity {kind} has no name."),
    };
}

/// <summary>Points moved between accounts. Both dates null: points owed.</summary>
public sealed record PointsMovedWire(
    string Debit, string Credit, long Points, DateTime? AvailableAt, DateTime? ExpiresAt, string Cause, string? Rule,
    string? Order) : EffectWire;

public sealed record StageChangedWire(string From, string To, string Role, string Reason) : EffectWire;

public sealed record OrderCountedWire(
    string Order, DateTime? OccurredAt, long GrossMinor, long NetMinor, long DiscountMinor, long Units, bool Counts,
    DateTime? OpenUntil) : EffectWire;

public sealed record ReturnMatchedWire(
    string Order, long OrderSeq, DateTime? OrderOccurredAt, long GrossMinor, long NetMinor, long DiscountMinor,
    long Units, bool Whole) : EffectWire;

public sealed record ReturnCountedWire(DateTime? OccurredAt) : EffectWire;

public sealed record ReturnAwaitedWire(string Order) : EffectWire;

public sealed record ReturnReleasedWire(string Order, long ReturnSeq) : EffectWire;

public sealed record ReturnUnmatchedWire(long AmountMinor, long Units) : EffectWire;

public sealed record ActivityCountedWire(string Activity, DateTime? OccurredAt) : EffectWire;

public sealed record RefusedWire(string Code, string Detail) : EffectWire;
