using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>An entry as it is stored. <see cref="Hash"/> covers every other column and <see cref="Prev"/>.</summary>
public sealed record JournalRow(
    CustomerKey Customer, long Seq, Hash16? EventKey, Instant OccurredAt, Instant RecordedAt, Instant At, Hash16 Prev,
    Hash16 Hash, ReadOnlyMemory<byte> Body)
{
    /// <summary>Its place in commit order, from 1 without gaps; 0 before it is committed.</summary>
    public long Position { get; init; }
}

/// <summary>A customer that the store has not seen: written in the transaction of its first entry.</summary>
public sealed record NewCustomer(CustomerKey Customer, string Id, Instant FirstSeenAt);

/// <summary>
/// A customer's own key, sealed under the installation secret, written with the first entry that uses it.
/// </summary>
public sealed record NewCustomerSecret(CustomerKey Customer, ReadOnlyMemory<byte> Sealed);

/// <summary>An event key as the look-up has it.</summary>
/// <param name="Position">Of the entry of that key where the look-up leads to; null where there is none.</param>
public readonly record struct StoredEventKey(Hash16 EventKey, long? Position);

/// <summary>What one transaction writes.</summary>
/// <param name="Rows">Sorted by (customer, seq); the seqs of a customer follow each other.</param>
/// <param name="Customers">Those seen for the first time; writing one that exists is no error.</param>
/// <param name="Secrets">New keys; writing one that exists is a conflict of that customer.</param>
public sealed record JournalBatch(
    IReadOnlyList<JournalRow> Rows, IReadOnlyList<NewCustomer> Customers, IReadOnlyList<NewCustomerSecret> Secrets);

/// <summary>What became of a batch.</summary>
/// <param name="FirstPosition">The position of the first row written; rows take positions in batch order.</param>
/// <param name="Conflicts">
/// Customers whose rows build on another history than the stored one, or repeat an event key: nothing of theirs was
/// written. All other rows are durable.
/// </param>
public sealed record AppendResult(long FirstPosition, IReadOnlySet<CustomerKey> Conflicts)
{
    /// <summary>Those of a batch's rows that were written.</summary>
    public IReadOnlyList<JournalRow> Of(IReadOnlyList<JournalRow> rows) =>
        Conflicts.Count == 0 ? rows : [.. rows.Where(row => !Conflicts.Contains(row.Customer))];
}

/// <summary>
/// All entries, append-only: the only source of truth. Every method throws <see cref="StoreException"/> when the
/// environment fails; after a failed append its rows may or may not be stored, all of them or none.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// How many appends run well at once, 1 or more. The rows of a customer are appended one batch after the other.
    /// </summary>
    int Lanes { get; }

    /// <summary>
    /// Writes the batch in one durable transaction, leaving out every customer with a conflict: its first row does not
    /// follow the stored head (seq and hash), or one of its event keys is stored already.
    /// </summary>
    Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel);

    /// <summary>
    /// Writes about as much as a batch and takes it back, in a place of its own: done when the journal can be written
    /// again.
    /// </summary>
    Task TryWriteAsync(CancellationToken cancel);

    /// <summary>A customer's rows from <paramref name="fromSeq"/> on, oldest first.</summary>
    Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, long fromSeq, int limit, CancellationToken cancel);

    /// <summary>A customer's rows before <paramref name="beforeSeq"/>, newest first.</summary>
    Task<IReadOnlyList<JournalRow>> ReadBackAsync(
        CustomerKey customer, long beforeSeq, int limit, CancellationToken cancel);

    /// <summary>The named rows of a customer that exist, oldest first.</summary>
    Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, IReadOnlyCollection<long> seqs, CancellationToken cancel);

    /// <summary>Those of the event keys that are stored, each with its row. One query for all.</summary>
    Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
        IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel);

    /// <summary>Rows in commit order after a position.</summary>
    Task<IReadOnlyList<JournalRow>> ReadFeedAsync(long afterPosition, int limit, CancellationToken cancel);

    /// <summary>The position of the last committed row; 0 for an empty journal.</summary>
    Task<long> ReadHeadAsync(CancellationToken cancel);

    /// <summary>
    /// The same once every append of this process that failed before the call is stored or never will be; null while
    /// one may still come.
    /// </summary>
    Task<long?> ReadSettledHeadAsync(CancellationToken cancel);

    /// <summary>
    /// Names the history that positions belong to: made at random with the journal, the same for as long as positions
    /// keep
    /// their meaning.
    /// </summary>
    Task<Hash16> ReadEpochAsync(CancellationToken cancel);

    /// <summary>Customer keys above <paramref name="after"/> in key order, from the journal itself.</summary>
    Task<IReadOnlyList<CustomerKey>> ReadCustomersAsync(CustomerKey? after, int limit, CancellationToken cancel);

    /// <summary>
    /// Event keys above <paramref name="after"/> in the order of what <see cref="FindAsync"/> looks them up in, from
    /// there and not from the entries: for a proof that the two agree.
    /// </summary>
    Task<IReadOnlyList<StoredEventKey>> ReadEventKeysAsync(Hash16? after, int limit, CancellationToken cancel);
}

/// <summary>The environment failed: disk, lock or connection. The message is for an operator.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
