using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Store;

internal sealed class MemoryJournal(MemoryDisk disk, Weather weather) : IJournal
{
    public int Lanes => 2;

    public Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel) =>
        MeetAsync(StoreCall.Append, () => disk.Append(batch), cancel);

    public Task TryWriteAsync(CancellationToken cancel) => MeetAsync(StoreCall.Append, () => true, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, long fromSeq, int limit, CancellationToken cancel) =>
        ReadAsync(() => disk.RowsOf(customer).Skip((int)Math.Max(0, fromSeq - 1)).Take(limit), cancel);

    public Task<IReadOnlyList<JournalRow>> ReadBackAsync(
        CustomerKey customer, long beforeSeq, int limit, CancellationToken cancel) =>
        ReadAsync(() => disk.RowsOf(customer).Where(row => row.Seq < beforeSeq).Reverse().Take(limit), cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, IReadOnlyCollection<long> seqs, CancellationToken cancel) =>
        ReadAsync(() => disk.RowsOf(customer).Where(row => seqs.Contains(row.Seq)), cancel);

    public Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
        IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel) =>
        MeetAsync<IReadOnlyDictionary<Hash16, JournalRow>>(
            StoreCall.Read,
            () =>
            {
                var found = new Dictionary<Hash16, JournalRow>();
                foreach (var key in eventKeys)
                    if (disk.FindForEngine(key) is { } row) found[key] = row;
                return found;
            },
            cancel);

    public Task<IReadOnlyList<JournalRow>> ReadFeedAsync(long afterPosition, int limit, CancellationToken cancel) =>
        ReadAsync(() => disk.Feed.Skip((int)afterPosition).Take(limit), cancel);

    public Task<long> ReadHeadAsync(CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, () => (long)disk.Feed.Count, cancel);

    public Task<long?> ReadSettledHeadAsync(CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, () => weather.IsInDoubt ? (long?)null : disk.Feed.Count, cancel);

    public Task<Hash16> ReadEpochAsync(CancellationToken cancel) =>
        MeetAsync(StoreCall.Read, () => disk.Epoch, cancel);

    public Task<IReadOnlyList<CustomerKey>> ReadCustomersAsync(
        CustomerKey? after, int limit, CancellationToken cancel) => ReadAsync(
            () => disk.Journals.Keys.Where(key => after is null || key.CompareTo(after.Value) > 0).Take(limit), cancel);

    public Task<IReadOnlyList<StoredEventKey>> ReadEventKeysAsync(
        Hash16? after, int limit, CancellationToken cancel) =>
        ReadAsync(() => disk.ReadEventKeys(after).Take(limit), cancel);

    private Task<IReadOnlyList<T>> ReadAsync<T>(Func<IEnumerable<T>> read, CancellationToken cancel) =>
        MeetAsync<IReadOnlyList<T>>(StoreCall.Read, () => [.. read()], cancel);

    private Task<T> MeetAsync<T>(StoreCall call, Func<T> act, CancellationToken cancel) => weather.MeetAsync(
        call,
        () =>
        {
            lock (disk) return act();
        },
        cancel);
}
