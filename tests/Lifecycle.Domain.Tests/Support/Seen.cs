using System.Text.Json;
using Lifecycle.Domain.Customers;

namespace Lifecycle.Domain.Tests.Support;

/// <summary>Views as texts, to compare, and their numbers by the names that can be explained.</summary>
public static class Seen
{
    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true, WriteIndented = true };

    /// <summary>Everything but the version, which counts journaled ticks.</summary>
    public static string Text(CustomerView view) => JsonSerializer.Serialize(view with { Version = 0 }, Options);

    public static long Number(CustomerView view, string field)
    {
        var (points, metrics) = (view.Points, view.Metrics);
        if (field.Split('.') is ["metrics", "windows", var window, var fact])
            return Number(metrics.Windows.Single(w => w.Name == window).Totals, fact);
        return field switch
        {
            "points.available" => points.Available,
            "points.pending" => points.Pending,
            "points.held" => points.Held,
            "points.lifetime.earned" => points.Lifetime.Earned,
            "points.lifetime.redeemed" => points.Lifetime.Redeemed,
            "points.lifetime.expired" => points.Lifetime.Expired,
            "points.lifetime.reversed" => points.Lifetime.Reversed,
            "points.lifetime.adjusted" => points.Lifetime.Adjusted,
            "metrics.monetary_minor" => metrics.MonetaryMinor,
            _ => throw new ArgumentException($"No view has '{field}'.", nameof(field)),
        };
    }

    private static long Number(WindowTotals totals, string fact) => fact switch
    {
        "orders" => totals.Orders,
        "spend_minor" => totals.SpendMinor,
        "units" => totals.Units,
        "returns" => totals.Returns,
        "visits" => totals.Visits,
        "views" => totals.Views,
        "searches" => totals.Searches,
        "discount_minor" => totals.DiscountMinor,
        _ => throw new ArgumentException($"No window has '{fact}'.", nameof(fact)),
    };
}
