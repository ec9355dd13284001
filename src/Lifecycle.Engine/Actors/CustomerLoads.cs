using System.Diagnostics;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// Reads customers from the store for their activation, together: those who are asked for while a read is under way are
/// the next one. A batch of events for a hundred cold customers costs a few round trips instead of hundreds.
/// </summary>
internal sealed class CustomerLoads(IStore store, TaskScheduler turns)
{
    /// <summary>Journal rows of each customer in one read: a snapshot is at most this many entries old.</summary>
    public const int RowsMax = 256;

    /// <summary>Customers in one read: about a megabyte.</summary>
    private const int CustomersMax = 256;

    /// <summary>Reads under way at once.</summary>
    private const int ReadsMax = 2;

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Queue<Waiting> _waiting = new();
    private int _reads;

    /// <summary>
    /// The stored snapshot and what follows it in the journal, at most <see cref="RowsMax"/> rows.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Task<StoredCustomer> LoadAsync(CustomerKey customer, CancellationToken cancel)
    {
        var waiting = new Waiting(customer);
        var starts = false;
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (_reads < ReadsMax)
            {
                _reads++;
                starts = true;
            }
        }

        if (starts) _ = turns.Run(RunAsync);
        return waiting.WaitAsync(cancel);
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            using var span = EngineTrace.Begin(EngineTrace.Load, batch.Select(static waiting => waiting.Asker));
            span?.SetTag(EngineTrace.Customers, batch.Count);
            try
            {
                var loaded = await store.LoadAsync(
                    batch.Select(waiting => waiting.Customer).ToHashSet(), RowsMax, CancellationToken.None);
                var found = loaded.ToDictionary(customer => customer.Customer);
                span?.Stop();
                foreach (var waiting in batch) waiting.Complete(found[waiting.Customer]);
            }
            catch (Exception e)
            {
                span?.SetStatus(ActivityStatusCode.Error);
                foreach (var waiting in batch) waiting.Fail(e);
            }
        }
    }

    /// <summary>The next batch; with an empty one the read ends.</summary>
    private List<Waiting> Take()
    {
        lock (_gate)
        {
            // Shared among the reads that may run: the first must not take all while the others find nothing.
            var size = Math.Min(CustomersMax, (_waiting.Count + ReadsMax - 1) / ReadsMax);
            var batch = new List<Waiting>(size);
            while (batch.Count < size) batch.Add(_waiting.Dequeue());
            if (batch.Count == 0) _reads--;
            return batch;
        }
    }

    private sealed class Waiting(CustomerKey customer)
    {
        private readonly TaskCompletionSource<StoredCustomer> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CustomerKey Customer { get; } = customer;

        public Activity? Asker { get; } = EngineTrace.Asker;

        public async Task<StoredCustomer> WaitAsync(CancellationToken cancel)
        {
            await using var giveUp = cancel.UnsafeRegister(
                static (answer, token) => ((TaskCompletionSource<StoredCustomer>)answer!).TrySetCanceled(token), _answer);
            return await _answer.Task;
        }

        public void Complete(StoredCustomer loaded) => _answer.TrySetResult(loaded);

        public void Fail(Exception reason) => _answer.TrySetException(reason);
    }
}
