using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>Everything that is durable, and the proof that this process alone writes it.</summary>
public interface IStore : IAsyncDisposable
{
    IJournal Journal { get; }
    IProjection Projection { get; }
    IRegistry Registry { get; }
    IQuarantine Quarantine { get; }

    /// <summary>
    /// Other processes change it too, at any time: what this one knows of it holds only for as long as a rule says.
    /// </summary>
    bool IsShared { get; }

    /// <summary>
    /// What is stored of some customers, for their activation: one for each that is asked for, in any order. A row that
    /// cannot be read counts as none.
    /// </summary>
    /// <param name="rowsMax">Journal rows of each.</param>
    Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel);

    /// <summary>
    /// Makes contact with what proves that this process may write and read. The lease is counted from the start of the
    /// last call that answered that it does.
    /// </summary>
    Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel);

    /// <summary>How many locks <see cref="LockAsync"/> knows.</summary>
    const int StripesMax = 256;

    /// <summary>
    /// Locks that one caller at a time holds, of all processes that write to the store: until what this answers is
    /// disposed of, or the process ends.
    /// </summary>
    /// <param name="stripes">From 0 to <see cref="StripesMax"/> - 1, in rising order and each once.</param>
    /// <exception cref="StoreException">Another process has held one for too long, or the store failed.</exception>
    Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel);
}

/// <param name="Row">The snapshot; null without one.</param>
/// <param name="Rows">
/// The journal's, oldest first, from the seq of <paramref name="Row"/> on, from the first one where there is no row.
/// </param>
public sealed record StoredCustomer(CustomerKey Customer, CustomerRow? Row, IReadOnlyList<JournalRow> Rows);

/// <param name="Held">False when another process has taken over.</param>
/// <param name="Clock">The store's own clock; null where it has none but this machine's.</param>
/// <param name="SinceLoss">
/// In a cluster: how long ago its last member that died without leaving was declared dead. Such a one may answer from
/// its memory until its lease has run out since then. Null when there is none.
/// </param>
public readonly record struct StoreContact(bool Held, Instant? Clock = null, TimeSpan? SinceLoss = null);
