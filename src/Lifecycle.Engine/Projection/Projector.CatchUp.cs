using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Projection;

/// <summary>
/// What the journal holds and the table may lack: from before a start, from a writer that is gone, or from a commit of
/// which nobody knows whether it succeeded.
/// </summary>
public sealed partial class Projector
{
    /// <summary>Journal rows read at a time.</summary>
    private const int CatchUpPage = 10_000;

    /// <summary>How often it looks for writers that are gone.</summary>
    private static readonly TimeSpan ClaimEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The journal ends before what this process has seen of it: a database was put back, or failed over to a standby
    /// that lacks the last commits.
    /// </summary>
    public event Action? WentBack;

    private Hosting.Isolation? _isolation;

    // Guarded by _gate. Counted, for a range that comes while another is taken up may begin where that one did.
    private long? _takeUpFrom;
    private int _takeUps;

    /// <summary>Takes over what others left, and says how far this process has come, also when it has nothing to do.</summary>
    private async Task ClaimAsync(CancellationToken cancel)
    {
        if (await _store.Projection.ClaimAsync(cancel) is { } left)
        {
            // At once: it is answered only once, whatever fails next. Another writer may have been further than this one.
            _written = Math.Min(_written, left);
            lock (_gate) TakeUp(left);
        }

        await SeeHeadAsync(cancel);
    }

    /// <summary>Everything up to the journal's end is known here, but for what is under way.</summary>
    private async Task SeeHeadAsync(CancellationToken cancel)
    {
        long known;
        lock (_gate) known = _floors.Position;
        var head = await _store.Journal.ReadHeadAsync(cancel);
        // What was committed before is read now, unless the journal is another one.
        if (head < known) TellWentBack(head, known);
        lock (_gate) _floors.Reach(head);
    }

    private void TellWentBack(long head, long known)
    {
        EngineLog.JournalPutBack(_logger, head, known);
        WentBack?.Invoke();
    }

    /// <summary>Called with the gate held.</summary>
    private Gap? ToTakeUp => _takeUpFrom is { } from ? new(from, _takeUps) : null;

    /// <summary>Called with the gate held.</summary>
    private void TakeUp(long position)
    {
        _takeUpFrom = Math.Min(_takeUpFrom ?? long.MaxValue, position);
        _takeUps++;
    }

    /// <summary>
    /// Takes up what is after a position: everything up to it that waited has to be written already, as the watermark
    /// goes beyond. False when it cannot be yet.
    /// </summary>
    private async Task<bool> CatchUpAsync(Gap gap, CancellationToken cancel)
    {
        var (from, takeUps) = gap;
        // A commit that was given up may still come: the range holds the watermark until it cannot.
        if (await _store.Journal.ReadSettledHeadAsync(cancel) is not { } head) return false;
        var position = from;
        var customers = 0;
        while (position < head)
        {
            var page = await _store.Journal.ReadFeedAsync(position, CatchUpPage, cancel);
            if (page.Count == 0) break;
            var rows = await RowsAsync(page.Select(row => row.Customer).Distinct(), cancel);
            position = page[^1].Position;
            customers += rows.Count;
            await WriteAsync(rows, position, cancel);
        }

        lock (_gate)
        {
            _floors.Reach(position);
            if (_takeUps == takeUps) _takeUpFrom = null;
        }

        if (customers > 0) EngineLog.ProjectionCaughtUp(_logger, from, position, customers);
        return true;
    }

    /// <summary>Their rows in the order of the keys, without those who cannot be folded.</summary>
    private async Task<IReadOnlyList<CustomerRow>> RowsAsync(
        IEnumerable<CustomerKey> customers, CancellationToken cancel)
    {
        // Together, so that the loader reads many at a time.
        var rows = await Task.WhenAll(customers.Order().Select(async customer =>
        {
            try
            {
                return RowOf(customer, await _loader.LoadAsync(customer, cancel));
            }
            catch (CodecException e)
            {
                _isolation!.Report(customer, e);
                return null;
            }
        }));
        return [.. rows.OfType<CustomerRow>()];
    }

    /// <param name="From">The position before the first entry.</param>
    /// <param name="TakeUps">Of how many it is the last one.</param>
    private readonly record struct Gap(long From, int TakeUps);
}
