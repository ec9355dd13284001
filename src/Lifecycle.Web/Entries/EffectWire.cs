using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Points;
using Lifecycle.Domain.Stages;
using Lifecycle.Web.Documentation;
using Lifecycle.Web.Identity;
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
[JsonDerivedType(typeof(LeftWire), "left")]
[JsonDerivedType(typeof(JoinedWire), "joined")]
[JsonDerivedType(typeof(SplitWire), "split")]
[JsonDerivedType(typeof(RejoinedWire), "rejoined")]
[JsonDerivedType(typeof(SettledWire), "settled")]
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
        Effect.Left e => new LeftWire(e.Into.ToString(), PartWire.Of(e.Part)),
        Effect.Joined e => new JoinedWire(e.From.ToString(), e.Seq, PartWire.Of(e.Part)),
        Effect.Split e => new SplitWire(e.Alias.ToString(), PartWire.Of(e.Goes), PartWire.Of(e.Stays)),
        Effect.Rejoined e => new RejoinedWire(e.From.ToString(), e.Seq, PartWire.Of(e.Part)),
        Effect.Settled e => new SettledWire(e.Seq),
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
    [property: ClosedSet(typeof(Account))] string Debit, [property: ClosedSet(typeof(Account))] string Credit,
    long Points, DateTime? AvailableAt, DateTime? ExpiresAt, [property: ClosedSet(typeof(Causes))] string Cause,
    string? Rule, string? Order) : EffectWire;

/// <summary>The customer went to another stage.</summary>
/// <param name="From">The stage before; empty for a new customer.</param>
/// <param name="To">The stage now.</param>
/// <param name="Role">What the stage stands for, whatever the program calls it.</param>
public sealed record StageChangedWire(
    string From, string To,
    [property: ClosedSet("growth", "at_risk", "dormant", "churned", "reactivated")] string Role, string Reason)
    : EffectWire;

/// <summary>An order was taken up.</summary>
/// <param name="Counts">Whether it is a valid order for metrics.</param>
/// <param name="OpenUntil">Until then a return without an order id can match it.</param>
public sealed record OrderCountedWire(
    string Order, DateTime? OccurredAt, long GrossMinor, long NetMinor, long DiscountMinor, long Units, bool Counts,
    DateTime? OpenUntil) : EffectWire;

/// <summary>A return, or a part of it, was matched to an order.</summary>
/// <param name="OrderSeq">The entry that placed the order.</param>
/// <param name="OrderOccurredAt">When the order happened.</param>
/// <param name="Whole">Nothing of the order is left.</param>
public sealed record ReturnMatchedWire(
    string Order, long OrderSeq, DateTime? OrderOccurredAt, long GrossMinor, long NetMinor, long DiscountMinor,
    long Units, bool Whole) : EffectWire;

/// <summary>A return happened: one for each return event.</summary>
public sealed record ReturnCountedWire(DateTime? OccurredAt) : EffectWire;

/// <summary>The return names an order that has not come yet; it is kept.</summary>
public sealed record ReturnAwaitedWire(string Order) : EffectWire;

/// <summary>A kept return met its order, or gave its place to a newer one and is counted as unmatched.</summary>
/// <param name="ReturnSeq">The entry of the return.</param>
public sealed record ReturnReleasedWire(string Order, long ReturnSeq) : EffectWire;

/// <summary>What of a return belongs to no known order.</summary>
public sealed record ReturnUnmatchedWire(long AmountMinor, long Units) : EffectWire;

/// <summary>An activity was counted.</summary>
/// <param name="Activity">Which.</param>
public sealed record ActivityCountedWire(
    [property: ClosedSet("visit", "product_view", "search", "referral")] string Activity, DateTime? OccurredAt)
    : EffectWire;

/// <summary>A command with a key was refused; the entry moves nothing.</summary>
public sealed record RefusedWire(string Code, string Detail) : EffectWire;

/// <summary>The id leads to another customer from now on; all it had has left.</summary>
/// <param name="Into">The other customer's key in the journal.</param>
/// <param name="Part">What left.</param>
public sealed record LeftWire(string Into, PartWire Part) : EffectWire;

/// <summary>An id leads here from now on, with all it had.</summary>
/// <param name="From">The id's key in the journal.</param>
/// <param name="FromSeq">The entry with which it left there.</param>
/// <param name="Part">What came.</param>
public sealed record JoinedWire(string From, long FromSeq, PartWire Part) : EffectWire;

/// <summary>An id that led here is a customer of its own again.</summary>
/// <param name="Alias">The id's key in the journal.</param>
/// <param name="Goes">What goes with it.</param>
/// <param name="Stays">What stays.</param>
public sealed record SplitWire(string Alias, PartWire Goes, PartWire Stays) : EffectWire;

/// <summary>This id led to another customer and is one of its own again.</summary>
/// <param name="From">That customer's key in the journal.</param>
/// <param name="FromSeq">The entry there that let it go.</param>
/// <param name="Part">What it has.</param>
public sealed record RejoinedWire(string From, long FromSeq, PartWire Part) : EffectWire;

/// <summary>What left with an entry has arrived.</summary>
/// <param name="Seq">That entry.</param>
public sealed record SettledWire(long Seq) : EffectWire;
