using Lifecycle.Analytics.Population;
using Lifecycle.Domain.Conditions;
using Lifecycle.Web.Problems;

namespace Lifecycle.Web.Population;

/// <summary>Whom a scan is for, and what is said of them.</summary>
/// <param name="Filter">Of type truth; null for everybody.</param>
/// <param name="Lines">The form and the columns.</param>
internal sealed record ScanQuestion(Condition? Filter, ScanLines Lines)
{
    public const string Csv = "csv";
    public const string NdJson = "ndjson";

    /// <param name="filter">A condition over <c>customer.*</c>; null for everybody.</param>
    /// <param name="columns">Names with commas between them; null for all.</param>
    /// <param name="format"><see cref="Csv"/> or <see cref="NdJson"/>.</param>
    /// <exception cref="ProblemException">One of them is wrong; it says which and why.</exception>
    public static ScanQuestion Of(string? filter, string? columns, string format)
    {
        var (chosen, fault) = columns is null ? (CustomerColumns.All, null) : CustomerColumns.Parse(columns);
        if (fault is not null)
            throw ProblemException.Of(ProblemCodes.InvalidParameter, "columns", fault.TrimEnd('.'));
        return new(
            filter is null ? null : FilterOf(filter),
            format == Csv ? new ScanLines.Csv(chosen) : new ScanLines.Json(chosen));
    }

    private static Condition FilterOf(string text)
    {
        var (condition, errors) = ConditionCompiler.Compile(text, ConditionType.Truth, ConditionScope.Customer);
        if (condition is not null) return condition;
        var message = string.Join(' ', errors.Select(e => $"column {e.Offset + 1}: {e.Message}"));
        throw ProblemException.Of(ProblemCodes.InvalidParameter, "filter", message.TrimEnd('.'));
    }
}
