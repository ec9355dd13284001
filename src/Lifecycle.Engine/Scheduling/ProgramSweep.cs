using System.Threading.Channels;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Scheduling;

/// <summary>How far the sweep after a change of the programs has come.</summary>
/// <param name="Done">Customers whose due instant is known to be right.</param>
/// <param name="Total">Customers when the sweep began.</param>
/// <param name="FinishedAt">Null while it is under way.</param>
public sealed record SweepProgress(long Done, long Total, Instant StartedAt, Instant? FinishedAt);

/// <summary>
/// After a change of the programs, gives every customer's row the instant at which it is due now, page by page, so that
/// the scheduler finds those who do nothing. Views and decisions never wait for it: they ask the schedule itself.
/// </summary>
/// <remarks>
/// Needs no books. A row is right when it says what its state and the schedule give, and the table carries the mark of
/// the programs that a whole pass was made under. After a stop in the middle the mark is missing: the next pass begins
/// at the first row, and only reads what is right already.
/// </remarks>
public sealed class ProgramSweep : IDisposable
{
    /// <summary>Rows of a page; fewer where that is more than a second's.</summary>
    private const int PageMax = 500;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long another process may still write rows under the list before: the delay of a change, what its clock may
    /// be behind (5 s, or it is not ready), and a write.
    /// </summary>
    internal static readonly TimeSpan OthersAfter = TimeSpan.FromSeconds(10);

    private readonly IStore _store;
    private readonly ProgramBook _programs;
    private readonly Projector _projector;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ProgramSweep> _logger;
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile SweepProgress? _progress;

    public ProgramSweep(
        IStore store, ProgramBook programs, Projector projector, EngineOptions options, TimeProvider time,
        ILogger<ProgramSweep> logger)
    {
        (_store, _programs, _projector, _options, _time, _logger) =
            (store, programs, projector, options, time, logger);
        Wake();
        programs.Changed += Wake;
    }

    /// <summary>The sweep under way or the last one since the start; null when there was nothing to do.</summary>
    public SweepProgress? Progress => _progress;

    private Instant Now => Instant.From(_time.GetUtcNow());

    /// <summary>Sweeps now and after every change of the programs, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            await _changed.Reader.ReadAsync(cancel);
            // Who is due before is ticked when the pass comes: it only decides how soon ticks are written.
            if (_store.IsShared && !await IsSweptAsync(cancel)) await Task.Delay(OthersAfter, _time, cancel);
            try
            {
                await SweepAsync(cancel);
            }
            catch (StoreException e)
            {
                EngineLog.SweepFailed(_logger, e);
                await Task.Delay(RetryAfter, _time, cancel);
                Wake();
            }
        }
    }

    private async Task<bool> IsSweptAsync(CancellationToken cancel)
    {
        try
        {
            return await _store.Projection.ReadSweptAsync(cancel) == _programs.Known.Mark;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    /// <summary>One pass, if one is needed; answers whether nothing is left to do.</summary>
    public async Task<bool> SweepAsync(CancellationToken cancel)
    {
        var known = _programs.Known;
        if (await _store.Projection.ReadSweptAsync(cancel) == known.Mark) return true;
        // Rows that are being written under the schedule before are there after this.
        await _projector.FlushAsync(cancel);
        var progress = new SweepProgress(0, await _store.Projection.CountAsync(cancel), Now, null);
        _progress = progress;
        var moved = 0L;
        CustomerKey? after = null;
        var page = Math.Min(PageMax, _options.SweepCustomersPerSecondMax);
        while (await _store.Projection.ScanAsync(after, page, cancel) is { Count: > 0 } rows)
        {
            moved += await MoveAsync(rows, known.Schedule, cancel);
            after = rows[^1].Customer;
            var done = progress.Done + rows.Count;
            _progress = progress = progress with { Done = done, Total = Math.Max(done, progress.Total) };
            if (rows.Count < page) break;
            // The pace: a million rows at once would keep the projection's writer from everything else.
            await Task.Delay(TimeSpan.FromSeconds((double)page / _options.SweepCustomersPerSecondMax), _time, cancel);
            // What was done was done for another schedule: the change has woken the next pass.
            if (_programs.Known.Mark != known.Mark) return false;
        }

        await _store.Projection.WriteSweptAsync(known.Mark, cancel);
        // New customers came meanwhile, and others left no row behind: what there was is done.
        _progress = progress with { Total = progress.Done, FinishedAt = Now };
        EngineLog.SweepFinished(_logger, progress.Done, moved);
        return true;
    }

    public void Dispose() => _programs.Changed -= Wake;

    /// <summary>Where a mark is there already, it is awake or will be.</summary>
    private void Wake() => _changed.Writer.TryWrite(true);

    private async Task<int> MoveAsync(
        IReadOnlyList<CustomerRow> rows, ProgramSchedule schedule, CancellationToken cancel)
    {
        var moved = new List<DueRow>();
        foreach (var row in rows)
            if (DueAt(row, schedule) is var due && due != row.DueAt) moved.Add(new(row.Customer, row.Seq, due));
        if (moved.Count > 0) await _store.Projection.WriteDueAsync(moved, cancel);
        return moved.Count;
    }

    private Instant DueAt(CustomerRow row, ProgramSchedule schedule)
    {
        try
        {
            return CustomerRows.DueAt(SnapshotCodec.Decode(row), schedule, _options.BackfillQuiet);
        }
        catch (CodecException)
        {
            // A snapshot that nobody can use. Who is poked too early is folded from the journal, and the row with them.
            return Instant.Min(row.DueAt, schedule.NextChangeAfter(row.At));
        }
    }
}
