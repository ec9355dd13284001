using System.Text.Json.Nodes;

namespace Lifecycle.Client;

/// <summary>Whether the process can do its work.</summary>
/// <param name="Status"><c>ready</c>, <c>not_ready</c>, or <c>unreachable</c> when nobody answers.</param>
/// <param name="Problems">For an operator: what is in the way.</param>
public sealed record Health(string Status, IReadOnlyList<string> Problems)
{
    public bool IsReady => Status == "ready";
}

public sealed record ReportCatalogue(IReadOnlyList<ReportDefinition> Reports);

/// <param name="Definition">What each number means.</param>
/// <param name="Basis">Which amounts and which time it counts by.</param>
public sealed record ReportDefinition(
    string Name, string Title, string Definition, string Basis, IReadOnlyList<ReportParameter> Parameters);

public sealed record ReportParameter(string Name, string Definition);

/// <summary>A report's rows; their columns are the report's own.</summary>
/// <param name="Name">Which report.</param>
/// <param name="Position">Of the feed, up to which the rows are true.</param>
public sealed record Report(
    [property: System.Text.Json.Serialization.JsonPropertyName("report")] string Name, long Position,
    IReadOnlyList<JsonObject> Rows, DateTimeOffset? AsOf = null);

/// <summary>A key as lists show it.</summary>
public sealed record ApiKey(
    string Id, string Name, IReadOnlyList<string> Roles, DateTimeOffset? CreatedAt = null,
    DateTimeOffset? RevokedAt = null);

/// <summary>A key just made.</summary>
public sealed record NewApiKey(string Id, string Name, IReadOnlyList<string> Roles, string Key);

/// <summary>What a replay of the whole journal found; nothing when every invariant holds.</summary>
/// <param name="Violations">The first of each kind for each customer.</param>
/// <param name="ViolationsFound">How many there were, listed or not.</param>
public sealed record Verification(
    long Position, long Entries, long Customers, long ViolationsFound, IReadOnlyList<Violation> Violations);

/// <param name="Customer">The readable id, where there is one.</param>
public sealed record Violation(
    string Code, long Seq, string Detail, string? Customer = null, string? CustomerKey = null);
