using System.Collections.Immutable;

namespace Lifecycle.Analytics.Reports;

/// <summary>What a report is: the text that people and machines read before they trust its numbers.</summary>
/// <param name="Name">In the API and on the command line; for ever.</param>
/// <param name="Title">For a heading.</param>
/// <param name="Definition">What each number means, so exactly that it could be computed by hand.</param>
/// <param name="Basis">Which amounts and which time it counts by.</param>
/// <param name="Parameters">What a caller can choose.</param>
public sealed record ReportDefinition(
    string Name, string Title, string Definition, string Basis, ImmutableArray<ReportParameter> Parameters);

/// <param name="Name">The query parameter's name.</param>
/// <param name="Definition">What it selects, its form and its default.</param>
public sealed record ReportParameter(string Name, string Definition);
