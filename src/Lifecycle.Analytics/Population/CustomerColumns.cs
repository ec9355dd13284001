using System.Collections.Immutable;
using Lifecycle.Analytics.Reports;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Spelling;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Population;

namespace Lifecycle.Analytics.Population;

/// <summary>A column of a table of customers.</summary>
/// <param name="Name">In headers and lists of columns; for ever. Where conditions know the same, by the same name.</param>
/// <param name="Kind">Of its values; any may be missing but a text.</param>
public sealed record CustomerColumn(string Name, ColumnKind Kind, Func<ScannedCustomer, ReportCell> Read);

/// <summary>What the values of a column are.</summary>
public enum ColumnKind
{
    Text,
    Whole,
    Number,

    /// <summary>RFC 3339.</summary>
    Time,
}

/// <summary>Every column that a table of customers can have.</summary>
public static class CustomerColumns
{
    private static readonly (string Name, Func<WindowTotals, long> Read)[] OfWindow =
    [
        ("orders", w => w.Orders), ("spend_minor", w => w.SpendMinor), ("units", w => w.Units),
        ("returns", w => w.Returns), ("visits", w => w.Visits), ("views", w => w.Views),
        ("searches", w => w.Searches), ("discount_minor", w => w.DiscountMinor),
    ];

    /// <summary>In the order of the documentation.</summary>
    public static readonly ImmutableArray<CustomerColumn> All =
    [
        new("customer", ColumnKind.Text, c => new ReportCell.Text(c.Name)),
        Whole("version", v => v.Version),
        new("stage", ColumnKind.Text, c => new ReportCell.Text(c.View.Stage.Name)),
        Time("stage_since", v => v.Stage.Since),
        new("stage_reason", ColumnKind.Text, c => new ReportCell.Text(c.View.Stage.Reason)),
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
        Time("rhythm_warning_since", v => v.Warnings.FirstOrDefault(w => w.Code == Views.RhythmWarning)?.Since),
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
            yield return Whole(name, v => read(v.Metrics.Windows[^1].Totals));
        foreach (var (days, index) in Domain.Conditions.Variables.Windows.Select((days, index) => (days, index)))
            foreach (var (name, read) in OfWindow)
                yield return Whole($"{name}_{days}d", v => read(v.Metrics.Windows[index].Totals));
    }

    private static CustomerColumn Whole(string name, Func<CustomerView, long?> read) => new(
        name, ColumnKind.Whole,
        c => read(c.View) is { } value ? new ReportCell.Whole(value) : ReportCell.Missing.Cell);

    private static CustomerColumn Number(string name, Func<CustomerView, double?> read) => new(
        name, ColumnKind.Number,
        c => read(c.View) is { } value ? new ReportCell.Number((decimal)value) : ReportCell.Missing.Cell);

    /// <summary>What does not happen is missing.</summary>
    private static CustomerColumn Time(string name, Func<CustomerView, Instant?> read) => new(
        name, ColumnKind.Time, c => read(c.View) is { } at && at > Instant.Earliest && at < Instant.Latest
            ? new ReportCell.Text(at.ToString())
            : ReportCell.Missing.Cell);
}
