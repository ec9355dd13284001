using System.Diagnostics;
using Lifecycle.Analytics.Reports;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Population;

namespace Lifecycle.Analytics.Population;

/// <summary>
/// A column of a table of customers. Any value may be missing but a text; what a column reads has its own type, so that
/// a line is written without a cell for each value.
/// </summary>
/// <param name="Name">In headers and lists of columns; for ever. Where conditions know the same, by the same name.</param>
public abstract record CustomerColumn(string Name)
{
    /// <summary>The value for a table whose cells are of any kind.</summary>
    public ReportCell CellOf(ScannedCustomer customer) => this switch
    {
        Text text => new ReportCell.Text(text.Read(customer)),
        Whole whole => whole.Read(customer.View) is { } value ? new ReportCell.Whole(value) : ReportCell.Missing.Cell,
        Number number => number.Read(customer.View) is { } value
            ? new ReportCell.Number((decimal)value)
            : ReportCell.Missing.Cell,
        Time time => time.Read(customer.View) is { } at && at > Instant.Earliest && at < Instant.Latest
            ? new ReportCell.Text(at.ToString())
            : ReportCell.Missing.Cell,
        _ => throw new UnreachableException($"A column of type {GetType()} has no cells."),
    };

    public sealed record Text(string Name, Func<ScannedCustomer, string> Read) : CustomerColumn(Name);

    public sealed record Whole(string Name, Func<CustomerView, long?> Read) : CustomerColumn(Name);

    public sealed record Number(string Name, Func<CustomerView, double?> Read) : CustomerColumn(Name);

    /// <summary>What does not happen is missing.</summary>
    public sealed record Time(string Name, Func<CustomerView, Instant?> Read) : CustomerColumn(Name);
}
