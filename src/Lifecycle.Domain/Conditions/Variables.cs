using System.Collections.Frozen;

namespace Lifecycle.Domain.Conditions;

/// <summary>The types of the condition language.</summary>
public enum ConditionType
{
    /// <summary>A whole number of 64 bits.</summary>
    Whole,

    /// <summary>A decimal number; every division and every literal with a point is one.</summary>
    Number,
    Text,
    Truth,
}

/// <summary>
/// What a variable reads; the name of the fact, without its window. The first eight are the sums of a window, in the
/// order of <see cref="Customers.WindowTotals"/>.
/// </summary>
public enum Fact
{
    Orders,
    SpendMinor,
    Units,
    Returns,
    Visits,
    Views,
    Searches,
    DiscountMinor,
    OrderDays,
    RecencyDays,
    AovMinor,
    Referrals,
    PointsAvailable,
    PointsPending,
    Stage,
    EventType,
    EventAmountMinor,
    EventNetMinor,
    EventDiscountMinor,
    EventPointsPaid,
    EventChannel,
    EventKind,
    EventCountry,
    EventCoupon,
    EventCampaign,
    EventScore,
    EventRating,
    EventQuantity,
    EventSku,
    EventCategory,
    EventLine,
    EventGrade,
}

/// <summary>A name that a condition may use.</summary>
/// <param name="Name">As written: <c>customer.orders_365d</c>.</param>
/// <param name="Fact">What it reads.</param>
/// <param name="Type">Its type.</param>
/// <param name="WindowDays">Days of its rolling window; 0 for none or for the whole lifetime.</param>
public sealed record Variable(string Name, Fact Fact, ConditionType Type, int WindowDays = 0)
{
    public bool OfEvent => Fact >= Fact.EventType;

    /// <summary>It is read line by line where the event has lines.</summary>
    public bool OfItem => Fact is Fact.EventSku or Fact.EventCategory or Fact.EventLine or Fact.EventGrade;

    /// <summary>Its value can change although nothing comes in.</summary>
    public bool MovesWithTime => WindowDays > 0 || Fact == Fact.RecencyDays;
}

/// <summary>The table of every name.</summary>
public static class Variables
{
    /// <summary>The rolling windows, in days.</summary>
    public static readonly int[] Windows = [7, 30, 90, 365];

    public static readonly FrozenDictionary<string, Variable> All = Build().ToFrozenDictionary(v => v.Name);

    private static IEnumerable<Variable> Build()
    {
        (string Name, Fact Fact)[] windowed =
        [
            ("orders", Fact.Orders), ("spend_minor", Fact.SpendMinor), ("units", Fact.Units),
            ("returns", Fact.Returns), ("visits", Fact.Visits), ("views", Fact.Views),
            ("searches", Fact.Searches), ("discount_minor", Fact.DiscountMinor),
        ];
        foreach (var (name, fact) in windowed)
        {
            yield return new($"customer.{name}", fact, ConditionType.Whole);
            foreach (var days in Windows)
                yield return new($"customer.{name}_{days}d", fact, ConditionType.Whole, days);
        }

        yield return new("customer.order_days", Fact.OrderDays, ConditionType.Whole);
        yield return new("customer.recency_days", Fact.RecencyDays, ConditionType.Whole);
        yield return new("customer.aov_minor", Fact.AovMinor, ConditionType.Whole);
        yield return new("customer.referrals", Fact.Referrals, ConditionType.Whole);
        yield return new("customer.points_available", Fact.PointsAvailable, ConditionType.Whole);
        yield return new("customer.points_pending", Fact.PointsPending, ConditionType.Whole);
        yield return new("customer.stage", Fact.Stage, ConditionType.Text);
        yield return new("event.type", Fact.EventType, ConditionType.Text);
        yield return new("event.amount_minor", Fact.EventAmountMinor, ConditionType.Whole);
        yield return new("event.net_minor", Fact.EventNetMinor, ConditionType.Whole);
        yield return new("event.discount_minor", Fact.EventDiscountMinor, ConditionType.Whole);
        yield return new("event.points_paid", Fact.EventPointsPaid, ConditionType.Whole);
        yield return new("event.channel", Fact.EventChannel, ConditionType.Text);
        yield return new("event.kind", Fact.EventKind, ConditionType.Text);
        yield return new("event.country", Fact.EventCountry, ConditionType.Text);
        yield return new("event.coupon", Fact.EventCoupon, ConditionType.Text);
        yield return new("event.campaign", Fact.EventCampaign, ConditionType.Text);
        yield return new("event.score", Fact.EventScore, ConditionType.Number);
        yield return new("event.rating", Fact.EventRating, ConditionType.Number);
        yield return new("event.quantity", Fact.EventQuantity, ConditionType.Whole);
        yield return new("event.sku", Fact.EventSku, ConditionType.Text);
        yield return new("event.category", Fact.EventCategory, ConditionType.Text);
        yield return new("event.line", Fact.EventLine, ConditionType.Text);
        yield return new("event.grade", Fact.EventGrade, ConditionType.Text);
    }
}
