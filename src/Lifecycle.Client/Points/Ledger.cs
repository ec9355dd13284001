namespace Lifecycle.Client;

/// <summary>
/// A page of the movements of a customer's points, newest first; it may be short although more follow.
/// </summary>
/// <param name="NextCursor">For the page after it; null on the last.</param>
public sealed record LedgerPage(
    string Customer, long Version, IReadOnlyList<Movement> Movements, string? NextCursor = null);

/// <summary>One movement of points between two accounts.</summary>
public sealed record Movement(
    long Seq, string Debit, string Credit, long Points, string Cause, string? Rule = null, string? Order = null,
    DateTimeOffset? At = null, DateTimeOffset? AvailableAt = null, DateTimeOffset? ExpiresAt = null);
