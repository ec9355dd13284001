using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Projection;

/// <summary>
/// Writes a row for each customer that changed, coalesced: however often a customer changes within the delay, its row
/// is written once. The watermark says up to where the table is complete.
/// </summary>
public sealed class Projector : IAsyncDisposable
{
    /// <summary>Feed rows read at a time while catching up.</summary>
    private const int CatchUpPage = 10_000;

    private readonly IStore _store;
    private readonly HeadLoader _loader;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Projector> _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();

    // Guarded by _gate.
    private Dictionary<CustomerKey, Head> _pending = [];
    private long _position;
    private bool _caughtUp;
    private Task _loop = Task.CompletedTask;

    public Projector(IStore store, EngineOptions options, TimeProvider time, ILogger<Projector> logger)
    {
        _store = store;
        // A row that is dropped here is written again with its page.
        _loader = new HeadLoader(store, (_, _) => { });
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Takes up what the journal holds above the watermark, then writes as entries are committed.</summary>
    public async Task StartAsync(Hosting.Isolation isolation, CancellationToken cancel)
    {
        await CatchUpAsync(isolation, cancel);
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>Writes everything published so far.</summary>
    /// <exception cref="StoreException">It could not be written; it waits for the next time.</exception>
    public async Task FlushAsync(CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            Dictionary<CustomerKey, Head> rows;
            long watermark;
            lock (_gate)
            {
                if (!_caughtUp || _pending.Count == 0) return;
                (rows, _pending, watermark) = (_pending, [], _position);
            }

            try
            {
                await _store.Projection.WriteAsync(
                    [.. rows.OrderBy(row => row.Key).Select(row => RowOf(row.Key, row.Value))], watermark, cancel);
            }
            catch
            {
                lock (_gate)
                    foreach (var (customer, head) in rows) _pending.TryAdd(customer, head);
                throw;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Done when the table holds every entry up to a position that is committed.</summary>
    /// <exception cref="StoreException">The table could not be written.</exception>
    /// <exception cref="UnavailableException">The table is still being brought up to date.</exception>
    internal async Task ReachAsync(long position, Feed.CommitSignal commits, CancellationToken cancel)
    {
        // Twice: what a reader finds committed may be published a moment later.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await FlushAsync(cancel);
            if (await _store.Projection.ReadWatermarkAsync(cancel) >= position) return;
            lock (_gate)
                if (!_caughtUp) break;
            await commits.WaitBeyondAsync(position - 1).WaitAsync(cancel);
        }

        throw new UnavailableException(
            UnavailableCodes.Unavailable, "The table of customers is still being brought up to date.",
            TimeSpan.FromSeconds(2));
    }

    /// <summary>Writes the rest, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        catch (StoreException e)
        {
            EngineLog.ProjectionFailed(_logger, e);
        }

        _stopping.Dispose();
        _writing.Dispose();
    }

    /// <summary>The row of a customer; also the snapshot that its next activation starts from.</summary>
    internal CustomerRow RowOf(CustomerKey customer, Head head) =>
        CustomerRows.Of(customer, head, _options.BackfillQuiet);

    /// <summary>Takes the head of a customer whose stored row was dropped, to be written again.</summary>
    internal void Restore(CustomerKey customer, Head head)
    {
        lock (_gate)
        {
            if (!_pending.TryGetValue(customer, out var waiting) || waiting.Seq < head.Seq) _pending[customer] = head;
        }
    }

    /// <summary>
    /// Takes committed heads and the position that they reach to. Waits when too many rows are unwritten.
    /// </summary>
    /// <param name="lastOf">The position of the last entry of each customer who has one in the batch.</param>
    internal async ValueTask PublishAsync(
        IReadOnlyList<Submission> committed, IReadOnlyDictionary<CustomerKey, long> lastOf, long position)
    {
        if (committed.Count == 0) return;
        int pending;
        lock (_gate)
        {
            foreach (var submission in committed)
            {
                // One without entries changes nothing: its head came with the batch before.
                if (lastOf.TryGetValue(submission.Owner.Key, out var last))
                    _pending[submission.Owner.Key] = submission.After with { Position = last };
            }

            _position = position;
            pending = _pending.Count;
        }

        if (pending < _options.ProjectionPendingMax) return;
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        catch (StoreException e)
        {
            EngineLog.ProjectionFailed(_logger, e);
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_options.ProjectionDelay, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await FlushAsync(_stopping.Token);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    EngineLog.ProjectionFailed(_logger, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task CatchUpAsync(Hosting.Isolation isolation, CancellationToken cancel)
    {
        var watermark = await _store.Projection.ReadWatermarkAsync(cancel);
        var head = await _store.Journal.ReadHeadAsync(cancel);
        var position = watermark;
        var customers = 0;
        while (position < head)
        {
            var page = await _store.Journal.ReadFeedAsync(position, CatchUpPage, cancel);
            var rows = new List<CustomerRow>();
            foreach (var customer in page.Select(row => row.Customer).Distinct().Order())
            {
                try
                {
                    rows.Add(RowOf(customer, await _loader.LoadAsync(customer, cancel)));
                }
                catch (CodecException e)
                {
                    isolation.Report(customer, e);
                }
            }

            position = page[^1].Position;
            customers += rows.Count;
            await _store.Projection.WriteAsync(rows, position, cancel);
        }

        lock (_gate)
        {
            // Entries committed meanwhile are published, and reach further than what was read here.
            _position = Math.Max(_position, position);
            _caughtUp = true;
        }

        if (customers > 0) EngineLog.ProjectionCaughtUp(_logger, watermark, position, customers);
    }
}
