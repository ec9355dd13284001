using System.Collections.Immutable;
using Lifecycle.Domain.Time;

namespace Lifecycle.Analytics.Reports;

/// <summary>A report's answer, and the cut that it is true for.</summary>
/// <param name="Report">Its name.</param>
/// <param name="AsOf">Only what had occurred by then is in it.</param>
/// <param name="Position">The feed position up to which the journal was read.</param>
/// <param name="Columns">Names, in the order of the cells.</param>
/// <param name="Rows">One cell for each column.</param>
public sealed record ReportTable(
    string Report, Instant AsOf, long Position, ImmutableArray<string> Columns,
    ImmutableArray<ImmutableArray<ReportCell>> Rows);

/// <summary>One value of a report.</summary>
public abstract record ReportCell
{
    private ReportCell()
    {
    }

    public sealed record Text(string Value) : ReportCell;

    public sealed record Whole(long Value) : ReportCell;

    /// <summary>A mean or a rate.</summary>
    public sealed record Number(decimal Value) : ReportCell;

    /// <summary>There is no such value: the mean of nothing. Not zero.</summary>
    public sealed record Missing : ReportCell
    {
        public static readonly Missing Cell = new();
    }
}
