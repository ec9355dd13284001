using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>
/// What a store without a projection reads as, or with one that is not looked at: no rows, nothing of the journal taken
/// up.
/// </summary>
internal sealed class MissingProjection : IProjection
{
    public Task<long> ReadWatermarkAsync(CancellationToken cancel) => Task.FromResult(0L);

    public Task<long?> ClaimAsync(CancellationToken cancel) => Task.FromResult<long?>(null);

    public Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel) =>
        Task.FromResult<CustomerRow?>(null);

    public Task<IReadOnlyList<CustomerRow>> ReadAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<CustomerRow>>([]);

    public Task<IReadOnlyList<CustomerRow>> ListAsync(RowQuery query, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<CustomerRow>>([]);

    public Task<IReadOnlyList<CustomerKey>> ReadDueAsync(
        Instant until, int limit, KeyShare share, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<CustomerKey>>([]);

    public Task<IReadOnlyList<CustomerRow>> ScanAsync(CustomerKey? after, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<CustomerRow>>([]);

    public Task<IReadOnlyList<StoredState>> ScanStatesAsync(
        CustomerKey? after, int limit, CancellationToken cancel) => Task.FromResult<IReadOnlyList<StoredState>>([]);

    public Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel) =>
        Task.FromException(new StoreException("The store was opened to be read only."));

    public Task<long> CountAsync(CancellationToken cancel) => Task.FromResult(0L);

    public Task<string> ReadSweptAsync(CancellationToken cancel) => Task.FromResult("");

    public Task WriteDueAsync(IReadOnlyList<DueRow> rows, CancellationToken cancel) =>
        Task.FromException(new StoreException("The store was opened to be read only."));

    public Task WriteSweptAsync(string mark, CancellationToken cancel) =>
        Task.FromException(new StoreException("The store was opened to be read only."));
}
