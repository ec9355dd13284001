using System.Text.Json;
using Lifecycle.Domain.Customers;

namespace Lifecycle.Domain.Tests.Support;

/// <summary>Views as texts, to compare, and their numbers by the names that can be explained.</summary>
public static class Seen
{
    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true, WriteIndented = true };

    /// <summary>Everything but the version, which counts journaled ticks.</summary>
    public static string Text(CustomerView view) => JsonSerializer.Serialize(view with { Version = 0 }, Options);

    /// <summary>A member of the view by its path: a number, or a text or time.</summary>
    public static (decimal? Number, string? Text) Member(CustomerView view, string field)
    {
        var (points, metrics) = (view.Points, view.Metrics);
        var path = field.Split('.', '[', ']');
        return path switch
        {
            ["metrics", "windows", var window, var fact] =>
                (Number(metrics.Windows.Single(w => w.Name == window).Totals, fact), null),
            ["points", "expiring", var n, "", "points"] => (Lot(n)?.Points, null),
            ["points", "expiring", var n, "", "expires_at"] => (null, Time(Lot(n)?.ExpiresAt)),
            ["warnings", var n, "", "code"] => (null, Warning(n)?.Code),
            ["warnings", var n, "", "since"] => (null, Time(Warning(n)?.Since)),
            ["warnings", var n, "", "evidence"] => (null, Warning(n)?.Evidence),
            ["points", "lifetime", var name] => (Lifetime(points.Lifetime, name), null),
            ["metrics", var name] => Metric(metrics, name),
            _ => Other(view, field),
        };

        ExpiringPoints? Lot(string n) => points.Expiring.ElementAtOrDefault(Whole(n));

        WarningView? Warning(string n) => view.Warnings.ElementAtOrDefault(Whole(n));
    }

    private static (decimal?, string?) Other(CustomerView view, string field) => field switch
    {
        "version" => (view.Version, null),
        "stage" or "stage.name" => (null, view.Stage.Name),
        "stage.since" => (null, Time(view.Stage.Since)),
        "stage.reason" => (null, view.Stage.Reason),
        "stage.next_review_at" => (null, Time(view.Stage.NextReviewAt)),
        "next_change_at" => (null, Time(view.NextChangeAt)),
        "warnings" => (null, string.Join(", ", view.Warnings.Select(warning => warning.Code))),
        "points.available" => (view.Points.Available, null),
        "points.pending" => (view.Points.Pending, null),
        "points.held" => (view.Points.Held, null),
        "points.expiring" => (view.Points.Expiring.Sum(lot => lot.Points), null),
        _ => throw new ArgumentException($"No view has '{field}'.", nameof(field)),
    };

    private static decimal Lifetime(LifetimePoints points, string name) => name switch
    {
        "earned" => points.Earned,
        "redeemed" => points.Redeemed,
        "expired" => points.Expired,
        "reversed" => points.Reversed,
        "adjusted" => points.Adjusted,
        _ => throw new ArgumentException($"No lifetime has '{name}'.", nameof(name)),
    };

    private static (decimal?, string?) Metric(MetricsView metrics, string name) => name switch
    {
        "recency_days" => (metrics.RecencyDays, null),
        "frequency" => (metrics.Frequency, null),
        "monetary_minor" => (metrics.MonetaryMinor, null),
        "aov_minor" => (metrics.AovMinor, null),
        "interpurchase_days" => ((decimal?)metrics.InterpurchaseDays, null),
        "interpurchase_spread_days" => ((decimal?)metrics.InterpurchaseSpreadDays, null),
        "next_order_expected_at" => (null, Time(metrics.NextOrderExpectedAt)),
        "first_order_at" => (null, Time(metrics.FirstOrderAt)),
        "last_order_at" => (null, Time(metrics.LastOrderAt)),
        "referrals" => (metrics.Referrals, null),
        "unmatched_returns" => (metrics.UnmatchedReturns, null),
        "unmatched_return_minor" => (metrics.UnmatchedReturnMinor, null),
        "awaited_returns" => (metrics.AwaitedReturns, null),
        _ => throw new ArgumentException($"No metric is '{name}'.", nameof(name)),
    };

    private static int Whole(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string? Time(Domain.Time.Instant? instant) =>
        instant is { } time && time != Domain.Time.Instant.Never
            ? time.ToDateTimeOffset().ToString(
                "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture)
            : null;

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
