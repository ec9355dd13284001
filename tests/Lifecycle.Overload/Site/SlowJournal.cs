using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Overload.Site;

/// <summary>A real journal in front of which commits and look-ups by event key wait.</summary>
internal sealed class SlowJournal(IJournal inner, Slowness slowness) : IJournal
{
    public int Lanes => inner.Lanes;

    public async Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        await Task.Delay(slowness.Commit, cancel);
        return await inner.AppendAsync(batch, cancel);
    }

    public async Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
        IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel)
    {
        await Task.Delay(slowness.LookUp, cancel);
        return await inner.FindAsync(eventKeys, cancel);
    }

    public Task TryWriteAsync(CancellationToken cancel) => inner.TryWriteAsync(cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, long fromSeq, int limit, CancellationToken cancel) =>
        inner.ReadAsync(customer, fromSeq, limit, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadBackAsync(
        CustomerKey customer, long beforeSeq, int limit, CancellationToken cancel) =>
        inner.ReadBackAsync(customer, beforeSeq, limit, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, IReadOnlyCollection<long> seqs, CancellationToken cancel) =>
        inner.ReadAsync(customer, seqs, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadFeedAsync(long afterPosition, int limit, CancellationToken cancel) =>
        inner.ReadFeedAsync(afterPosition, limit, cancel);

    public Task<long> ReadHeadAsync(CancellationToken cancel) => inner.ReadHeadAsync(cancel);

    public Task<long?> ReadSettledHeadAsync(CancellationToken cancel) => inner.ReadSettledHeadAsync(cancel);

    public Task<Hash16> ReadEpochAsync(CancellationToken cancel) => inner.ReadEpochAsync(cancel);

    public Task<IReadOnlyList<CustomerKey>> ReadCustomersAsync(
        CustomerKey? after, int limit, CancellationToken cancel) => inner.ReadCustomersAsync(after, limit, cancel);
}
