using System.Diagnostics;
using System.Threading.Channels;
using Lifecycle.Engine.Feed;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// One transaction after the other: what queued while the last one ran is the next one. Group commit without any added
/// delay.
/// </summary>
/// <remarks>
/// Invariant: the submissions of an activation are written in the order they were handed over, and none after one that
/// failed.
/// </remarks>
internal sealed class JournalLane : IAsyncDisposable
{
    private readonly int _lane;
    private readonly Channel<Submission> _queue;
    private readonly IJournal _journal;
    private readonly Projector _projector;
    private readonly CommitSignal _commits;
    private readonly Writability _writability;
    private readonly EngineCounts _counts;
    private readonly EngineOptions _options;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public JournalLane(
        int lane, IJournal journal, Projector projector, CommitSignal commits, Writability writability,
        EngineCounts counts, EngineOptions options, ILogger logger)
    {
        _lane = lane;
        _commits = commits;
        _writability = writability;
        _counts = counts;
        _journal = journal;
        _projector = projector;
        _options = options;
        _logger = logger;
        _queue = Channel.CreateBounded<Submission>(new BoundedChannelOptions(options.WriterQueueMax)
        {
            SingleReader = true, FullMode = BoundedChannelFullMode.Wait,
        });
        _loop = options.Turns.Run(RunAsync);
    }

    /// <summary>Submissions that wait for their transaction.</summary>
    public int Queued => _queue.Reader.Count;

    /// <summary>Hands a submission over; waits while the queue is full.</summary>
    /// <exception cref="StoreException">The engine is stopping: it will not be written.</exception>
    public async ValueTask WriteAsync(Submission submission)
    {
        try
        {
            await _queue.Writer.WriteAsync(submission);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreException("The engine is stopping.", e);
        }
    }

    /// <summary>Writes what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        // Submissions of a second activation of a customer that is in the batch already wait for the next one.
        var held = new Queue<Submission>();
        while (held.Count > 0 || await _queue.Reader.WaitToReadAsync())
        {
            var batch = Collect(held);
            if (batch.Count == 0) continue;
            try
            {
                await CommitAsync(batch);
            }
            catch (StoreException e)
            {
                EngineLog.AppendFailed(_logger, batch.Count, e);
                Poison(batch, e);
            }
            catch (Exception e)
            {
                // A bug, but the loop must go on: those who wait are told, and what happened is logged.
                EngineLog.WriterFailed(_logger, e);
                Poison(batch, new StoreException("The journal writer failed; see the log.", e));
            }
        }
    }

    private List<Submission> Collect(Queue<Submission> held)
    {
        var batch = new List<Submission>();
        var owners = new Dictionary<CustomerKey, Activation>();
        var entries = 0;
        for (var waiting = held.Count; waiting > 0; waiting--) Add(held.Dequeue());
        while (entries < _options.BatchEntriesMax && _queue.Reader.TryRead(out var submission)) Add(submission);
        return batch;

        void Add(Submission submission)
        {
            if (submission.Activation.Poisoned) return;
            if (!owners.TryAdd(submission.Owner.Key, submission.Activation) &&
                owners[submission.Owner.Key] != submission.Activation)
            {
                held.Enqueue(submission);
                return;
            }

            batch.Add(submission);
            entries += submission.Rows.Count;
        }
    }

    private async Task CommitAsync(List<Submission> batch)
    {
        var journalBatch = BatchOf(batch);
        using var span = EngineTrace.Begin(EngineTrace.Commit, batch.Select(static submission => submission.Asker));
        span?.SetTag(EngineTrace.Customers, batch.Count).SetTag(EngineTrace.Entries, journalBatch.Rows.Count);
        var start = _counts.Now;
        _projector.Begin(_lane);
        AppendResult result;
        try
        {
            result = await _journal.AppendAsync(journalBatch, CancellationToken.None);
        }
        catch (Exception e)
        {
            _projector.Abandon(_lane);
            _counts.CommitFailed();
            span?.SetStatus(ActivityStatusCode.Error);
            if (e is StoreException failure) _writability.Failed(failure);
            throw;
        }

        _writability.Succeeded();

        var committed = new List<Submission>(batch.Count);
        var refused = new List<Submission>();
        foreach (var submission in batch)
            (result.Conflicts.Contains(submission.Owner.Key) ? refused : committed).Add(submission);
        var lastOf = new Dictionary<CustomerKey, long>(batch.Count);
        var position = result.FirstPosition - 1;
        foreach (var row in journalBatch.Rows)
            if (!result.Conflicts.Contains(row.Customer)) lastOf[row.Customer] = ++position;
        _counts.Committed((int)(position - result.FirstPosition + 1), start);
        // What follows is not the store's.
        span?.Stop();
        // Before the answers: a reader that saw an answer may ask the projection next.
        await _projector.PublishAsync(
            _lane, committed, lastOf, result.FirstPosition, lastOf.Count > 0 ? position : 0);
        if (lastOf.Count > 0) _commits.Advance(position);
        foreach (var submission in committed) submission.Owner.Committed(submission);
        if (refused.Count > 0) Poison(refused, null);
    }

    private static JournalBatch BatchOf(List<Submission> batch)
    {
        var rows = new List<JournalRow>();
        var customers = new List<NewCustomer>();
        var secrets = new List<NewCustomerSecret>();
        foreach (var submission in batch)
        {
            rows.AddRange(submission.Rows);
            if (submission.Customer is { } customer) customers.Add(customer);
            if (submission.Register is { } registered) customers.Add(registered);
            if (submission.Secret is { } secret) secrets.Add(secret);
        }

        rows.Sort(static (a, b) =>
            a.Customer.CompareTo(b.Customer) is not 0 and var order ? order : a.Seq.CompareTo(b.Seq));
        return new(rows, customers, secrets);
    }

    private static void Poison(List<Submission> batch, StoreException? fault)
    {
        foreach (var submission in batch)
        {
            if (submission.Activation.Poisoned) continue;
            submission.Activation.Poison();
            submission.Owner.Failed(submission.Activation, fault);
        }
    }
}
