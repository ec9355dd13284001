using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Benchmarks;

/// <summary>
/// A store whose journal and table of customers take everything and keep nothing, so that what is measured is all that
/// comes before them. Its registry and quarantine are real.
/// </summary>
/// <param name="inner">The store of the registry; disposed with this one.</param>
/// <param name="commitTime">How long a commit takes, so that batches become as large as over a disk.</param>
internal sealed class CountingStore(IStore inner, TimeSpan commitTime) : IStore
{
    private readonly CountingJournal _journal = new(commitTime);

    public long Rows => _journal.Rows;

    public long Commits => _journal.Commits;

    public long Bytes => _journal.Bytes;

    public IJournal Journal => _journal;

    public IProjection Projection { get; } = new NoProjection();

    public IRegistry Registry => inner.Registry;

    public IQuarantine Quarantine => inner.Quarantine;

    public bool IsShared => inner.IsShared;

    public Task<IReadOnlyList<StoredCustomer>> LoadAsync(
        IReadOnlyCollection<CustomerKey> customers, int rowsMax, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<StoredCustomer>>([.. customers.Select(key => new StoredCustomer(key, null, []))]);

    public Task<StoreContact> ConfirmOwnershipAsync(CancellationToken cancel) => inner.ConfirmOwnershipAsync(cancel);

    public Task<IAsyncDisposable> LockAsync(IReadOnlyList<int> stripes, CancellationToken cancel) =>
        inner.LockAsync(stripes, cancel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class CountingJournal(TimeSpan commitTime) : IJournal
    {
        private static readonly IReadOnlyList<JournalRow> None = [];
        private long _position;

        public long Rows => _position;

        public long Commits { get; private set; }

        public long Bytes { get; private set; }

        public int Lanes => 1;

        public Task TryWriteAsync(CancellationToken cancel) => Task.CompletedTask;

        public async Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel)
        {
            await Task.Delay(commitTime, cancel);
            var first = _position + 1;
            foreach (var row in batch.Rows) Bytes += row.Body.Length;
            _position += batch.Rows.Count;
            Commits++;
            return new(first, new HashSet<CustomerKey>());
        }

        public Task<IReadOnlyList<JournalRow>> ReadAsync(
            CustomerKey customer, long fromSeq, int limit, CancellationToken cancel) => Task.FromResult(None);

        public Task<IReadOnlyList<JournalRow>> ReadBackAsync(
            CustomerKey customer, long beforeSeq, int limit, CancellationToken cancel) => Task.FromResult(None);

        public Task<IReadOnlyList<JournalRow>> ReadAsync(
            CustomerKey customer, IReadOnlyCollection<long> seqs, CancellationToken cancel) => Task.FromResult(None);

        public Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
            IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyDictionary<Hash16, JournalRow>>(new Dictionary<Hash16, JournalRow>());

        public Task<IReadOnlyList<JournalRow>> ReadFeedAsync(
            long afterPosition, int limit, CancellationToken cancel) => Task.FromResult(None);

        public Task<long> ReadHeadAsync(CancellationToken cancel) => Task.FromResult(_position);

        public Task<long?> ReadSettledHeadAsync(CancellationToken cancel) => Task.FromResult<long?>(_position);

        public Task<Hash16> ReadEpochAsync(CancellationToken cancel) => Task.FromResult(new Hash16(1, 1));

        public Task<IReadOnlyList<CustomerKey>> ReadCustomersAsync(
            CustomerKey? after, int limit, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<CustomerKey>>([]);

        public Task<IReadOnlyList<StoredEventKey>> ReadEventKeysAsync(
            Hash16? after, int limit, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<StoredEventKey>>([]);
    }

    private sealed class NoProjection : IProjection
    {
        private static readonly IReadOnlyList<CustomerRow> None = [];
        private long _watermark;

        public Task<long?> ClaimAsync(CancellationToken cancel) => Task.FromResult<long?>(null);

        public Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel)
        {
            _watermark = watermark;
            return Task.CompletedTask;
        }

        public Task<long> ReadWatermarkAsync(CancellationToken cancel) => Task.FromResult(_watermark);

        public Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel) =>
            Task.FromResult<CustomerRow?>(null);

        public Task<IReadOnlyList<CustomerRow>> ReadAsync(
            IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) => Task.FromResult(None);

        public Task<IReadOnlyList<CustomerRow>> ListAsync(RowQuery query, CancellationToken cancel) =>
            Task.FromResult(None);

        public Task<IReadOnlyList<CustomerKey>> ReadDueAsync(
            Instant until, int limit, KeyShare share, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<CustomerKey>>([]);

        public Task<IReadOnlyList<CustomerRow>> ScanAsync(
            CustomerKey? after, int limit, CancellationToken cancel) => Task.FromResult(None);

        public Task<IReadOnlyList<StoredState>> ScanStatesAsync(
            CustomerKey? after, int limit, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<StoredState>>([]);

        public Task<long> CountAsync(CancellationToken cancel) => Task.FromResult(0L);

        public Task WriteDueAsync(IReadOnlyList<DueRow> rows, CancellationToken cancel) => Task.CompletedTask;

        public Task<string> ReadSweptAsync(CancellationToken cancel) => Task.FromResult("");

        public Task WriteSweptAsync(string mark, CancellationToken cancel) => Task.CompletedTask;
    }
}
