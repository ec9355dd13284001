using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Store;

/// <summary>A store with another journal.</summary>
public sealed class WrappedStore(IStore store, IJournal journal) : IStore
{
    public IJournal Journal => journal;

    public IProjection Projection => store.Projection;

    public IRegistry Registry => store.Registry;

    public IQuarantine Quarantine => store.Quarantine;

    public bool IsShared => store.IsShared;

    public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel) =>
        store.LoadAsync(customers, rowsMax, cancel);

    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) => store.ConfirmOwnershipAsync(cancel);

    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        store.LockAsync(stripes, cancel);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

/// <summary>A journal that appends in its own way.</summary>
public class WrappedJournal(IJournal journal) : IJournal
{
    public int Lanes => journal.Lanes;

    public virtual Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel) =>
        journal.AppendAsync(batch, cancel);

    public Task TryWriteAsync(CancellationToken cancel) => journal.TryWriteAsync(cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, long fromSeq, int limit, CancellationToken cancel) =>
        journal.ReadAsync(customer, fromSeq, limit, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadBackAsync(
        CustomerKey customer, long beforeSeq, int limit, CancellationToken cancel) =>
        journal.ReadBackAsync(customer, beforeSeq, limit, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, IReadOnlyCollection<long> seqs, CancellationToken cancel) =>
        journal.ReadAsync(customer, seqs, cancel);

    public virtual Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
        IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel) => journal.FindAsync(eventKeys, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadFeedAsync(long afterPosition, int limit, CancellationToken cancel) =>
        journal.ReadFeedAsync(afterPosition, limit, cancel);

    public Task<long> ReadHeadAsync(CancellationToken cancel) => journal.ReadHeadAsync(cancel);

    public Task<long?> ReadSettledHeadAsync(CancellationToken cancel) => journal.ReadSettledHeadAsync(cancel);

    public Task<Hash16> ReadEpochAsync(CancellationToken cancel) => journal.ReadEpochAsync(cancel);

    public Task<IReadOnlyList<CustomerKey>> ReadCustomersAsync(
        CustomerKey? after, int limit, CancellationToken cancel) => journal.ReadCustomersAsync(after, limit, cancel);

    public Task<IReadOnlyList<StoredEventKey>> ReadEventKeysAsync(
        Hash16? after, int limit, CancellationToken cancel) => journal.ReadEventKeysAsync(after, limit, cancel);
}
