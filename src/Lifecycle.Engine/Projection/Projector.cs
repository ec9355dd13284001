using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Projection;

/// <summary>
/// Writes a row for each customer that changed, coalesced: however often a customer changes within the delay, its row
/// is written once. The watermark says up to where the table is complete.
/// </summary>
public sealed partial class Projector : IAsyncDisposable
{
    /// <summary>How often a reader waits for rows that others write before it is told to come back.</summary>
    private const int ReachAttempts = 3;

    private readonly IStore _store;
    private readonly Hosting.ProgramBook _programs;
    private readonly HeadLoader _loader;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<Projector> _logger;
    private readonly Lock _gate = new();
    private readonly object _writingGate = new();
    private TurnLock _writing;
    private readonly CancellationTokenSource _stopping = new();

    // Guarded by _gate.
    private Dictionary<CustomerKey, Head> _pending = [];
    private Dictionary<CustomerKey, Head> _early = [];
    private readonly Dictionary<CustomerKey, RowVersion> _useless = [];
    private readonly CommitFloors _floors = new();
    private bool _caughtUp;

    // Guarded by _writing: the watermark in the table.
    private long _written;
    private Task _loop = Task.CompletedTask;

    public Projector(
        IStore store, Hosting.ProgramBook programs, EngineOptions options, TimeProvider time,
        ILogger<Projector> logger)
    {
        (_store, _programs) = (store, programs);
        // The right row is written with its page.
        _loader = new HeadLoader(store, Distrust, options.Turns);
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Customers whose rows are not written yet.</summary>
    internal int Pending
    {
        get
        {
            lock (_gate) return _pending.Count;
        }
    }

    /// <summary>Entries known here that the table of customers does not show yet.</summary>
    internal long Behind
    {
        get
        {
            lock (_gate) return Math.Max(0, _floors.Position - Interlocked.Read(ref _written));
        }
    }

    /// <summary>Takes up what the journal holds above the watermark, then writes as entries are committed.</summary>
    public async Task StartAsync(Hosting.Isolation isolation, CancellationToken cancel)
    {
        _isolation = isolation;
        await ClaimAsync(cancel);
        Gap? left;
        lock (_gate) left = ToTakeUp;
        if (left is { } gap) await CatchUpAsync(gap, cancel);
        lock (_gate) _caughtUp = true;
        _loop = _options.Turns.Run(RunAsync);
    }

    /// <summary>Writes everything published so far.</summary>
    /// <exception cref="StoreException">It could not be written; it waits for the next time.</exception>
    public Task FlushAsync(CancellationToken cancel) => FlushAsync(claims: false, cancel);

    private async Task FlushAsync(bool claims, CancellationToken cancel)
    {
        await _writing.EnterAsync(_writingGate, cancel);
        try
        {
            lock (_gate)
                if (!_caughtUp) return;
            // When a customer is due is written under the list of programs. Under one that others may have changed long
            // ago it could be written after their sweep has passed.
            if (_store.IsShared && !_programs.IsCertain) return;
            if (claims) await ClaimAsync(cancel);
            if (await WritePendingAsync(cancel) is { } gap && await CatchUpAsync(gap, cancel))
                await WritePendingAsync(cancel);
        }
        finally
        {
            _writing.Leave(_writingGate);
        }
    }

    /// <summary>Done when the table holds every entry up to a position that is committed.</summary>
    /// <exception cref="StoreException">The table could not be written.</exception>
    /// <exception cref="UnavailableException">The table is still being brought up to date.</exception>
    internal async Task ReachAsync(long position, Feed.CommitSignal commits, CancellationToken cancel)
    {
        // What a reader finds committed may be published a moment later, and by another process after its delay: of
        // that nothing is heard here, so the table is looked at more often.
        var attempts = _store.IsShared
            ? ReachAttempts * Math.Max(1, _options.ProjectionDelay / Feed.CommitSignal.LookEvery)
            : ReachAttempts;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            lock (_gate) _floors.Reach(position);
            await FlushAsync(cancel);
            if (await _store.Projection.ReadWatermarkAsync(cancel) >= position) return;
            lock (_gate)
                if (!_caughtUp) break;
            // Or as long as another process takes to write its rows.
            if (!_store.IsShared) await commits.WaitBeyondAsync(position - 1, _options.ProjectionDelay, cancel);
            else await Task.Delay(Feed.CommitSignal.LookEvery, _time, cancel);
        }

        throw new UnavailableException(
            UnavailableCodes.Unavailable, "The table of customers is still being brought up to date.",
            TimeSpan.FromSeconds(2));
    }

    /// <summary>Writes the rest, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
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
    }

    /// <summary>The row of a customer; also the snapshot that its next activation starts from.</summary>
    internal CustomerRow RowOf(CustomerKey customer, Head head)
    {
        var row = CustomerRows.Of(customer, head, DueAtOf(head));
        lock (_gate)
            return _useless.TryGetValue(customer, out var useless) ? row with { Replaces = useless } : row;
    }

    /// <summary>A customer was found due too early: their row is to say when they are.</summary>
    internal void MoveDue(CustomerKey customer, Head head)
    {
        lock (_gate) _early[customer] = head;
    }

    /// <summary>Takes the head of a customer whose stored row is of no use, to be written in its place.</summary>
    internal void Restore(CustomerKey customer, Head head, RowVersion useless)
    {
        lock (_gate)
        {
            Distrust(customer, head, useless);
            // A customer whom the journal lacks has no row to write, and may get one with the first entry.
            if (head.Seq == 0) return;
            if (!_pending.TryGetValue(customer, out var waiting) || waiting.Seq < head.Seq) _pending[customer] = head;
        }
    }

    /// <summary>A lane of the journal writer begins a commit: it ends with one of the next two.</summary>
    internal void Begin(int lane)
    {
        lock (_gate) _floors.Begin(lane);
    }

    /// <summary>Nobody knows whether the commit succeeded: the journal is asked at the next flush.</summary>
    internal void Abandon(int lane)
    {
        lock (_gate) TakeUp(_floors.Abandon(lane));
    }

    /// <summary>
    /// Takes committed heads and the position that they reach to. Waits when too many rows are unwritten.
    /// </summary>
    /// <param name="lastOf">The position of the last entry of each customer who has one in the batch.</param>
    /// <param name="first">The position of the batch's first entry.</param>
    /// <param name="position">That of its last entry; 0 when nothing of it was written.</param>
    internal async ValueTask PublishAsync(
        int lane, IReadOnlyList<Submission> committed, IReadOnlyDictionary<CustomerKey, long> lastOf, long first,
        long position)
    {
        int pending;
        long? known = null;
        lock (_gate)
        {
            foreach (var submission in committed)
            {
                // One without entries changes nothing: its head came with the batch before.
                if (lastOf.TryGetValue(submission.Owner.Key, out var last))
                    _pending[submission.Owner.Key] = submission.After with { Position = last };
            }

            var before = _floors.Position;
            if (_floors.End(lane, first, position)) known = before;
            pending = _pending.Count;
        }

        if (known is { } seen) TellWentBack(first - 1, seen);

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

    /// <summary>Under what is known: a list that is in doubt is swept once it is certain.</summary>
    private Instant DueAtOf(Head head) =>
        CustomerRows.DueAt(head, _programs.Known.Schedule, _options.BackfillQuiet);

    /// <summary>Answers what is to be taken up after the rows that it wrote.</summary>
    private async Task<Gap?> WritePendingAsync(CancellationToken cancel)
    {
        Dictionary<CustomerKey, Head> rows, early;
        long watermark;
        Gap? gap;
        lock (_gate)
        {
            (rows, _pending, early, _early) = (_pending, [], _early, []);
            // What was caught up once stays caught up, whatever is under way.
            gap = ToTakeUp;
            // What is under way now may stand below the gap, and is not among the rows: then the gap begins there.
            if (gap is { } taken) gap = taken with { From = Math.Min(taken.From, _floors.Position) };
            watermark = Math.Max(_written, Math.Min(_floors.Position, gap?.From ?? long.MaxValue));
        }

        try
        {
            if (early.Count > 0)
            {
                await _store.Projection.WriteDueAsync(
                    [.. early.Select(row => new DueRow(row.Key, row.Value.Seq, DueAtOf(row.Value)))], cancel);
            }

            if (rows.Count == 0 && watermark == _written) return gap;
            await WriteAsync(
                [.. rows.OrderBy(row => row.Key).Select(row => RowOf(row.Key, row.Value))], watermark, cancel);
            return gap;
        }
        catch
        {
            lock (_gate)
                foreach (var (customer, head) in rows) _pending.TryAdd(customer, head);
            // Whoever is found too early once more comes again.
            throw;
        }
    }

    private async Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel)
    {
        await _store.Projection.WriteAsync(rows, watermark, cancel);
        _written = watermark;
        lock (_gate)
        {
            foreach (var row in rows)
                if (row.Replaces is { } useless && _useless.GetValueOrDefault(row.Customer) == useless)
                    _useless.Remove(row.Customer);
        }
    }

    /// <summary>A row that a right one would not overwrite, as it is of a longer history that was lost.</summary>
    private void Distrust(CustomerKey customer, Head head, RowVersion useless)
    {
        if (useless.Seq <= head.Seq) return;
        lock (_gate) _useless[customer] = useless;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_options.ProjectionDelay, _time);
        var claimed = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    var claims = _time.GetElapsedTime(claimed) >= ClaimEvery;
                    if (claims) claimed = _time.GetTimestamp();
                    // The table is as far as the least of its writers, and one that has nothing to do is one too.
                    else if (_store.IsShared) await SeeHeadAsync(_stopping.Token);
                    await FlushAsync(claims, _stopping.Token);
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
}
