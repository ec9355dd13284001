using Lifecycle.Domain.Customers;
using Lifecycle.Web.Wire;

namespace Lifecycle.Web.Customers;

/// <param name="Windows">By name: <c>7d</c>, <c>30d</c>, <c>90d</c>, <c>365d</c>, <c>lifetime</c>.</param>
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
public sealed record WindowWire(
    long Orders, long SpendMinor, long Units, long Returns, long Visits, long Views, long Searches, long DiscountMinor)
{
    internal static WindowWire Of(WindowTotals t) =>
        new(t.Orders, t.SpendMinor, t.Units, t.Returns, t.Visits, t.Views, t.Searches, t.DiscountMinor);
}
