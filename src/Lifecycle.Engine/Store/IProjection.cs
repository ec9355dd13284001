using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>One row a customer: typed columns for reports and SQL users, and the folded state as a snapshot.</summary>
/// <param name="Seq">The entry it was folded to.</param>
/// <param name="Position">That entry's place in commit order: what a scan compares with its cut.</param>
/// <param name="Hash">That entry's hash: a snapshot of another history is dropped.</param>
/// <param name="DueAt">When the scheduler looks at the customer; <see cref="Instant.Never"/> for never.</param>
public sealed record CustomerRow(
    CustomerKey Customer, long Seq, long Position, Hash16 Hash, Instant At, Instant RecordedAt, Instant DueAt,
    string Stage, long Available, long Pending, long Held, long Orders, long SpendMinor, Instant? FirstOrderAt,
    Instant? LastOrderAt, ReadOnlyMemory<byte> State);

/// <summary>The <c>customers</c> table: a cache of the journal that may be deleted at any time.</summary>
public interface IProjection
{
    /// <summary>
    /// One transaction: writes rows that are newer than the stored ones (by seq; an equal seq overwrites) and moves the
    /// watermark, the position up to which every entry is in the table.
    /// </summary>
    Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel);

    Task<long> ReadWatermarkAsync(CancellationToken cancel);

    Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel);

    /// <summary>Customers due at or before an instant, the longest due first.</summary>
    Task<IReadOnlyList<CustomerKey>> ReadDueAsync(Instant until, int limit, CancellationToken cancel);

    /// <summary>Rows above <paramref name="after"/> in key order.</summary>
    Task<IReadOnlyList<CustomerRow>> ScanAsync(CustomerKey? after, int limit, CancellationToken cancel);

    /// <summary>Removes one snapshot.</summary>
    Task DropAsync(CustomerKey customer, CancellationToken cancel);
}
