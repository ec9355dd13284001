using System.Diagnostics;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>One row a customer: typed columns for reports and SQL users, and the folded state as a snapshot.</summary>
/// <param name="Seq">The entry it was folded to.</param>
/// <param name="Position">That entry's place in commit order: what a scan compares with its cut.</param>
/// <param name="Hash">That entry's hash: a snapshot of another history is replaced.</param>
/// <param name="DueAt">When the scheduler looks at the customer; <see cref="Instant.Never"/> for never.</param>
public sealed record CustomerRow(
    CustomerKey Customer, long Seq, long Position, Hash16 Hash, Instant At, Instant RecordedAt, Instant DueAt,
    string Stage, long Available, long Pending, long Held, long Orders, long SpendMinor, Instant? FirstOrderAt,
    Instant? LastOrderAt, ReadOnlyMemory<byte> State)
{
    /// <summary>
    /// When it is written: the stored row of no use that it takes the place of, whatever its seq. Null as it is read.
    /// </summary>
    public RowVersion? Replaces { get; init; }

    /// <summary>The state alone.</summary>
    public StoredState Stored => new(Customer, Seq, Position, Hash, State);
}

/// <summary>What tells a stored row from those that other histories led to.</summary>
public readonly record struct RowVersion(long Seq, Hash16 Hash);

/// <summary>Of a row what the state at its position is made of.</summary>
public sealed record StoredState(
    CustomerKey Customer, long Seq, long Position, Hash16 Hash, ReadOnlyMemory<byte> State);

/// <summary>What rows can be put in order by.</summary>
public enum RowColumn
{
    Available,
    Orders,
    SpendMinor,

    /// <summary>Who has no order comes before the earliest.</summary>
    LastOrderAt,
}

/// <param name="Stage">Only rows of this stage; null for all.</param>
/// <param name="AvailableMin">Only rows with as many points; null for all.</param>
/// <param name="After">The value and key to go on behind; null for the first page.</param>
public sealed record RowQuery(
    RowColumn Column, bool Descending, string? Stage, long? AvailableMin, (long Value, CustomerKey Customer)? After,
    int Limit)
{
    /// <summary>The number that a row is put in order by.</summary>
    public static long ValueOf(CustomerRow row, RowColumn column) => column switch
    {
        RowColumn.Available => row.Available,
        RowColumn.Orders => row.Orders,
        RowColumn.SpendMinor => row.SpendMinor,
        RowColumn.LastOrderAt => row.LastOrderAt?.Micros ?? long.MinValue,
        _ => throw new UnreachableException($"There is no column {column}."),
    };
}

/// <summary>When the scheduler looks at the customer of a row.</summary>
/// <param name="Seq">The row's; one that went on meanwhile has a due instant of its own.</param>
public readonly record struct DueRow(CustomerKey Customer, long Seq, Instant DueAt);

/// <summary>The <c>customers</c> table: a cache of the journal that may be deleted at any time.</summary>
public interface IProjection
{
    /// <summary>
    /// One transaction: writes rows that are newer than the stored ones (by seq; an equal seq overwrites) or replace
    /// them, and moves this writer's watermark, the position up to which every entry of its own is in the table.
    /// </summary>
    Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel);

    /// <summary>The position up to which every entry of every writer is in the table.</summary>
    Task<long> ReadWatermarkAsync(CancellationToken cancel);

    /// <summary>
    /// Takes over what writers that are gone have left: the position from which on the caller brings the table up to
    /// date; null when there is nothing. Called first at the start, and from time to time.
    /// </summary>
    Task<long?> ClaimAsync(CancellationToken cancel);

    Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel);

    /// <summary>The rows of those that have one, in no order.</summary>
    Task<IReadOnlyList<CustomerRow>> ReadAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel);

    /// <summary>
    /// Rows in the order of a column, equal ones by key. No index serves it: it reads the whole table.
    /// </summary>
    Task<IReadOnlyList<CustomerRow>> ListAsync(RowQuery query, CancellationToken cancel);

    /// <summary>Customers of a share who are due at or before an instant, the longest due first.</summary>
    Task<IReadOnlyList<CustomerKey>> ReadDueAsync(
        Instant until, int limit, KeyShare share, CancellationToken cancel);

    /// <summary>Rows above <paramref name="after"/> in key order.</summary>
    Task<IReadOnlyList<CustomerRow>> ScanAsync(CustomerKey? after, int limit, CancellationToken cancel);

    /// <summary>The states of the rows above <paramref name="after"/> in key order, without the other columns.</summary>
    Task<IReadOnlyList<StoredState>> ScanStatesAsync(CustomerKey? after, int limit, CancellationToken cancel);

    /// <summary>How many rows there are; may read the whole table.</summary>
    Task<long> CountAsync(CancellationToken cancel);

    /// <summary>One transaction: moves the due instants of rows that still are at the named seq.</summary>
    Task WriteDueAsync(IReadOnlyList<DueRow> rows, CancellationToken cancel);

    /// <summary>The mark that <see cref="WriteSweptAsync"/> left; empty in a new table.</summary>
    Task<string> ReadSweptAsync(CancellationToken cancel);

    /// <summary>Marks that the due instants of all rows were made under one state of the programs.</summary>
    Task WriteSweptAsync(string mark, CancellationToken cancel);
}
