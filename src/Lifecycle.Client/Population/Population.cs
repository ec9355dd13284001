namespace Lifecycle.Client;

/// <summary>Which customers a list shows, and in which order.</summary>
public sealed record CustomerQuery
{
    /// <summary>How an id begins.</summary>
    public string? Q { get; init; }

    /// <summary>Only those in this stage.</summary>
    public string? Stage { get; init; }

    /// <summary>Only those with as many points to spend.</summary>
    public long? MinAvailable { get; init; }

    /// <summary>
    /// <c>id</c> (default), <c>last_order</c>, <c>available</c>, <c>spend</c>, <c>orders</c>; with <c>-</c> the
    /// largest first.
    /// </summary>
    public string? Sort { get; init; }
}

/// <summary>A page of customers; it may be short although more follow.</summary>
/// <param name="NextCursor">For the page after it; null on the last.</param>
public sealed record CustomerPage(
    IReadOnlyList<CustomerLine> Customers, string? NextCursor = null, DateTimeOffset? AsOf = null);

/// <summary>What a list shows of a customer.</summary>
public sealed record CustomerLine(
    [property: System.Text.Json.Serialization.JsonPropertyName("customer")] string Id, long Version, string Stage,
    long Available, long Pending, long Held, long Orders, long SpendMinor, DateTimeOffset? StageSince = null,
    DateTimeOffset? LastOrderAt = null, DateTimeOffset? NextChangeAt = null);

/// <summary>Entries of all customers in commit order.</summary>
/// <param name="Next">To read on from, also when there are no entries.</param>
public sealed record FeedPage(IReadOnlyList<FeedEntry> Entries, string Next);

/// <param name="Cursor">To read on behind this entry.</param>
/// <param name="Position">Its place in commit order, from 1 without gaps.</param>
/// <param name="Customer">Null once the customer was erased.</param>
/// <param name="Entry">Null when its stored bytes are damaged.</param>
public sealed record FeedEntry(string Cursor, long Position, string? Customer = null, Entry? Entry = null);
