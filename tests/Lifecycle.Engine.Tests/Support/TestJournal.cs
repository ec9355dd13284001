using System.Collections.Concurrent;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Tests.Support;

/// <summary>A real journal that a test makes fail before or after its commit, or wait.</summary>
public sealed class TestJournal(IJournal inner) : IJournal
{
    private readonly ConcurrentQueue<bool> _faults = new();
    private Hold? _hold;
    private int _finds;
    private int? _left;

    /// <summary>What was asked to be appended, in order, with what became of it; null for what failed.</summary>
    public ConcurrentQueue<(JournalBatch Batch, AppendResult? Result)> Tried { get; } = new();

    /// <summary>Look-ups by event key.</summary>
    public int Finds => _finds;

    /// <summary>Reads fail while set.</summary>
    public bool ReadsFail { get; set; }

    /// <summary>The head alone cannot be read while set.</summary>
    public bool HeadReadsFail { get; set; }

    /// <summary>A failed append may still come, while set.</summary>
    public bool Unsettled { get; set; }

    /// <summary>Runs after each append is committed, before it is answered.</summary>
    public Func<JournalBatch, Task>? OnAppended { get; set; }

    /// <summary>Runs after each page of the feed was read.</summary>
    public Func<Task>? OnFeed { get; set; }

    /// <summary>The next appends fail, and nothing of them is written.</summary>
    public void FailBefore(int times = 1) => Fail(times, written: false);

    /// <summary>The next appends are written, and then fail: the caller cannot know.</summary>
    public void FailAfter(int times = 1) => Fail(times, written: true);

    /// <summary>So many appends more, then the disk is gone.</summary>
    public void StopAfter(int appends) => _left = appends;

    /// <summary>The disk is there again.</summary>
    public void Go() => _left = null;

    /// <summary>Appends wait from now on, until the hold is released.</summary>
    public Hold HoldAppends() => _hold = new Hold(this);

    public int Lanes { get; init; } = inner.Lanes;

    /// <summary>What waits goes on waiting; appends from now on do not.</summary>
    public void PassOthers(Hold hold)
    {
        if (_hold == hold) _hold = null;
    }

    public async Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        if (_hold is { } hold) await hold.WaitAsync();
        if (_left is { } left && (_left = left - 1) < 0) throw new StoreException("The test's disk is gone.");
        if (!_faults.TryDequeue(out var written))
        {
            var result = await inner.AppendAsync(batch, cancel);
            if (Lost > 0) result = result with { FirstPosition = result.FirstPosition - Lost };
            Tried.Enqueue((batch, result));
            if (OnAppended is { } act) await act(batch);
            return result;
        }

        if (written) await inner.AppendAsync(batch, cancel);
        Tried.Enqueue((batch, null));
        throw new StoreException("The test's disk failed.");
    }

    public Task TryWriteAsync(CancellationToken cancel) => _left < 0
        ? Task.FromException(new StoreException("The test's disk is gone."))
        : inner.TryWriteAsync(cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, long fromSeq, int limit, CancellationToken cancel) =>
        ReadsFail
            ? Task.FromException<IReadOnlyList<JournalRow>>(new StoreException("The test's disk cannot be read."))
            : inner.ReadAsync(customer, fromSeq, limit, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadBackAsync(
        CustomerKey customer, long beforeSeq, int limit, CancellationToken cancel) =>
        ReadsFail
            ? Task.FromException<IReadOnlyList<JournalRow>>(new StoreException("The test's disk cannot be read."))
            : inner.ReadBackAsync(customer, beforeSeq, limit, cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, IReadOnlyCollection<long> seqs, CancellationToken cancel) =>
        inner.ReadAsync(customer, seqs, cancel);

    public Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
        IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel)
    {
        Interlocked.Increment(ref _finds);
        return inner.FindAsync(eventKeys, cancel);
    }

    public async Task<IReadOnlyList<JournalRow>> ReadFeedAsync(
        long afterPosition, int limit, CancellationToken cancel)
    {
        var rows = await inner.ReadFeedAsync(afterPosition, limit, cancel);
        if (OnFeed is { } act) await act();
        return rows;
    }

    /// <summary>So many of the last entries are lost, as when a database was put back.</summary>
    public long Lost { get; set; }

    public async Task<long> ReadHeadAsync(CancellationToken cancel) =>
        HeadReadsFail
            ? throw new StoreException("The test's disk cannot be read.")
            : await inner.ReadHeadAsync(cancel) - Lost;

    public async Task<long?> ReadSettledHeadAsync(CancellationToken cancel) =>
        Unsettled ? null : await inner.ReadSettledHeadAsync(cancel);

    public Task<Hash16> ReadEpochAsync(CancellationToken cancel) => inner.ReadEpochAsync(cancel);

    public Task<IReadOnlyList<CustomerKey>> ReadCustomersAsync(
        CustomerKey? after, int limit, CancellationToken cancel) => inner.ReadCustomersAsync(after, limit, cancel);

    public Task<IReadOnlyList<StoredEventKey>> ReadEventKeysAsync(
        Hash16? after, int limit, CancellationToken cancel) => inner.ReadEventKeysAsync(after, limit, cancel);

    private void Fail(int times, bool written)
    {
        for (var i = 0; i < times; i++) _faults.Enqueue(written);
    }

    public sealed class Hold(TestJournal journal)
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>An append is waiting.</summary>
        public Task Arrived => _arrived.Task;

        public void Release()
        {
            journal._hold = null;
            _released.SetResult();
        }

        internal Task WaitAsync()
        {
            _arrived.TrySetResult();
            return _released.Task;
        }
    }
}
