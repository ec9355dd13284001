using Lifecycle.Domain.Customers;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Customers;

/// <summary>What rolling windows and the whole history come to.</summary>
/// <param name="Windows">By name: <c>7d</c>, <c>30d</c>, <c>90d</c>, <c>365d</c>, <c>lifetime</c>.</param>
/// <param name="RecencyDays">Whole days since the last order; null without one.</param>
/// <param name="Frequency">Orders in all.</param>
/// <param name="MonetaryMinor">Spend in all, in the smallest unit of the program's currency.</param>
/// <param name="AovMinor">The mean amount of an order; null without one.</param>
/// <param name="InterpurchaseDays">The mean gap between orders; null before the second.</param>
/// <param name="InterpurchaseSpreadDays">The standard deviation of the gaps; null before there are enough.</param>
/// <param name="NextOrderExpectedAt">The last order and the mean gap; null before the second.</param>
/// <param name="FirstOrderAt">When the first order happened; null without one.</param>
/// <param name="LastOrderAt">When the last order happened; null without one.</param>
/// <param name="Referrals">Customers that this one brought.</param>
/// <param name="UnmatchedReturns">Returns that belong to no known order.</param>
/// <param name="UnmatchedReturnMinor">What those returns come to.</param>
/// <param name="AwaitedReturns">Returns that wait for their order.</param>
public sealed record MetricsWire(
    IReadOnlyDictionary<string, WindowWire> Windows, long? RecencyDays, long Frequency, long MonetaryMinor,
    long? AovMinor, double? InterpurchaseDays, double? InterpurchaseSpreadDays, DateTime? NextOrderExpectedAt,
    DateTime? FirstOrderAt, DateTime? LastOrderAt, long Referrals, long UnmatchedReturns, long UnmatchedReturnMinor,
    int AwaitedReturns)
{
    internal static MetricsWire Of(MetricsView m) => new(
        m.Windows.ToDictionary(w => w.Name, w => WindowWire.Of(w.Totals)), m.RecencyDays, m.Frequency, m.MonetaryMinor,
        m.AovMinor, m.InterpurchaseDays, m.InterpurchaseSpreadDays, m.NextOrderExpectedAt.ToWire(),
        m.FirstOrderAt.ToWire(), m.LastOrderAt.ToWire(), m.Referrals, m.UnmatchedReturns, m.UnmatchedReturnMinor,
        m.AwaitedReturns);
}

/// <summary>Sums over a window.</summary>
/// <param name="Orders">Valid orders.</param>
/// <param name="SpendMinor">What they came to, in the smallest unit of the program's currency.</param>
/// <param name="Visits">Visits.</param>
/// <param name="Views">Products looked at.</param>
/// <param name="Searches">Searches.</param>
public sealed record WindowWire(
    long Orders, long SpendMinor, long Units, long Returns, long Visits, long Views, long Searches, long DiscountMinor)
{
    internal static WindowWire Of(WindowTotals t) =>
        new(t.Orders, t.SpendMinor, t.Units, t.Returns, t.Visits, t.Views, t.Searches, t.DiscountMinor);
}
