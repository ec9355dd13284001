using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Spelling;
using Lifecycle.Domain.Time;

namespace Lifecycle.Analytics.Population;

/// <summary>Every column that a table of customers can have.</summary>
public static class CustomerColumns
{
    private static readonly (string Name, ReadsTotals Read)[] OfWindow =
    [
        ("orders", (in w) => w.Orders), ("spend_minor", (in w) => w.SpendMinor), ("units", (in w) => w.Units),
        ("returns", (in w) => w.Returns), ("visits", (in w) => w.Visits), ("views", (in w) => w.Views),
        ("searches", (in w) => w.Searches), ("discount_minor", (in w) => w.DiscountMinor),
    ];

    /// <summary>In place: each line reads forty of these sums, and a copy is of eight.</summary>
    private delegate long ReadsTotals(in WindowTotals totals);

    /// <summary>In the order of the documentation.</summary>
    public static readonly ImmutableArray<CustomerColumn> All =
    [
        new CustomerColumn.Text("customer", c => c.Name),
        Whole("version", v => v.Version),
        new CustomerColumn.Text("stage", c => c.View.Stage.Name),
        Time("stage_since", v => v.Stage.Since),
        new CustomerColumn.Text("stage_reason", c => c.View.Stage.Reason),
        Time("next_review_at", v => v.Stage.NextReviewAt),
        Whole("available", v => v.Points.Available),
        Whole("pending", v => v.Points.Pending),
        Whole("held", v => v.Points.Held),
        Whole("next_expiry_points", v => v.Points.Expiring is [var next, ..] ? next.Points : null),
        Time("next_expiry_at", v => v.Points.Expiring is [var next, ..] ? next.ExpiresAt : null),
        Whole("earned", v => v.Points.Lifetime.Earned),
        Whole("redeemed", v => v.Points.Lifetime.Redeemed),
        Whole("expired", v => v.Points.Lifetime.Expired),
        Whole("reversed", v => v.Points.Lifetime.Reversed),
        Whole("adjusted", v => v.Points.Lifetime.Adjusted),
        .. Windows(),
        Whole("recency_days", v => v.Metrics.RecencyDays),
        Whole("frequency", v => v.Metrics.Frequency),
        Whole("monetary_minor", v => v.Metrics.MonetaryMinor),
        Whole("aov_minor", v => v.Metrics.AovMinor),
        Number("interpurchase_days", v => v.Metrics.InterpurchaseDays),
        Number("interpurchase_spread_days", v => v.Metrics.InterpurchaseSpreadDays),
        Time("next_order_expected_at", v => v.Metrics.NextOrderExpectedAt),
        Time("first_order_at", v => v.Metrics.FirstOrderAt),
        Time("last_order_at", v => v.Metrics.LastOrderAt),
        Whole("referrals", v => v.Metrics.Referrals),
        Whole("unmatched_returns", v => v.Metrics.UnmatchedReturns),
        Whole("unmatched_return_minor", v => v.Metrics.UnmatchedReturnMinor),
        Whole("awaited_returns", v => v.Metrics.AwaitedReturns),
        Time("rhythm_warning_since", RhythmWarningSince),
        Time("next_change_at", v => v.NextChangeAt),
        Time("as_of", v => v.AsOf),
    ];

    /// <summary>The columns that a list of names asks for, in its order, or what is wrong with it.</summary>
    public static (ImmutableArray<CustomerColumn> Columns, string? Fault) Parse(string names)
    {
        var columns = ImmutableArray.CreateBuilder<CustomerColumn>();
        var unknown = new List<string>();
        foreach (var name in names.Split(',', StringSplitOptions.TrimEntries))
        {
            if (All.FirstOrDefault(column => column.Name == name) is not { } found)
                unknown.Add($"'{name}'{HintOf(name)}");
            else if (columns.Contains(found))
                return ([], $"names '{name}' twice");
            else
                columns.Add(found);
        }

        return unknown.Count == 0
            ? (columns.ToImmutable(), null)
            : ([], "has no column " + string.Join(", ", unknown));
    }

    private static string HintOf(string name)
    {
        var near = Nearest.Of(name, All.Select(column => column.Name))
            ?? All.FirstOrDefault(column => name.Length > 2 && column.Name.Contains(name, StringComparison.Ordinal))?.Name;
        return near is null ? "" : $" (did you mean '{near}'?)";
    }

    private static IEnumerable<CustomerColumn> Windows()
    {
        // Of the lifetime first, without a suffix, as in conditions.
        foreach (var (name, read) in OfWindow)
            yield return Whole(name, v => read(in v.Metrics.Windows.ItemRef(v.Metrics.Windows.Length - 1).Totals));
        foreach (var (days, index) in Domain.Conditions.Variables.Windows.Select((days, index) => (days, index)))
            foreach (var (name, read) in OfWindow)
                yield return Whole($"{name}_{days}d", v => read(in v.Metrics.Windows.ItemRef(index).Totals));
    }

    private static Instant? RhythmWarningSince(CustomerView view)
    {
        foreach (var warning in view.Warnings)
            if (warning.Code == Views.RhythmWarning) return warning.Since;
        return null;
    }

    private static CustomerColumn.Whole Whole(string name, Func<CustomerView, long?> read) => new(name, read);

    private static CustomerColumn.Number Number(string name, Func<CustomerView, double?> read) => new(name, read);

    private static CustomerColumn.Time Time(string name, Func<CustomerView, Instant?> read) => new(name, read);
}
