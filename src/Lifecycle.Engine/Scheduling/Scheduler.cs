using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Projection;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Scheduling;

/// <summary>Pokes exactly the customers for whom something is due: points mature or expire, a stage changes.</summary>
/// <remarks>Reads never need it: a view applies what is due. It makes time's effects entries, for the feed and
/// reports.</remarks>
public sealed class Scheduler(
    ICustomers customers, IStore store, Projector projector, IReadiness readiness, EngineOptions options,
    TimeProvider time, ILogger<Scheduler> logger)
{
    /// <summary>Customers read and poked in one go.</summary>
    private const int BatchMax = 2_000;

    /// <summary>Batches in one round; customers that cannot be ticked must not keep it busy.</summary>
    private const int BatchesMax = 100;

    /// <summary>Pokes under way at once.</summary>
    private const int ConcurrencyMax = 64;

    private long _ticked;
    private long _ticksFailed;

    /// <summary>Customers for whom something was due and is done.</summary>
    internal long Ticked => Interlocked.Read(ref _ticked);

    /// <summary>Those for whom it could not be done; they are due again.</summary>
    internal long TicksFailed => Interlocked.Read(ref _ticksFailed);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(options.ScheduleEvery, time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            try
            {
                await RunOnceAsync(KeyShare.All, cancel);
            }
            catch (StoreException e)
            {
                EngineLog.ScheduleFailed(logger, e);
            }
        }
    }

    /// <summary>One round over a share of the customers: pokes all that are due.</summary>
    /// <exception cref="StoreException">The customers who are due could not be read.</exception>
    public async Task RunOnceAsync(KeyShare share, CancellationToken cancel)
    {
        // Each poke would fail and be logged.
        if (readiness.Problems.Count > 0) return;
        for (var batch = 0; batch < BatchesMax && await PokeDueAsync(share, cancel) > BatchMax / 2; batch++)
        {
            // More are due than one batch holds. Where most could not be ticked, the next round is soon enough.
        }
    }

    /// <summary>Pokes those who are due now; answers how many could be ticked.</summary>
    public Task<int> PokeDueAsync(CancellationToken cancel) => PokeDueAsync(KeyShare.All, cancel);

    private async Task<int> PokeDueAsync(KeyShare share, CancellationToken cancel)
    {
        var due = await store.Projection.ReadDueAsync(Instant.From(time.GetUtcNow()), BatchMax, share, cancel);
        if (due.Count == 0) return 0;
        var poking = new ParallelOptions
        {
            MaxDegreeOfParallelism = ConcurrencyMax, CancellationToken = cancel, TaskScheduler = options.Turns,
        };
        var ticked = 0;
        await Parallel.ForEachAsync(due, poking, async (customer, token) =>
        {
            try
            {
                await customers.TickAsync(customer, token);
                Interlocked.Increment(ref ticked);
                Interlocked.Increment(ref _ticked);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever is wrong with one customer, the others are due all the same.
                Interlocked.Increment(ref _ticksFailed);
                EngineLog.TickFailed(logger, customer.ToString(), e);
            }
        });
        // So that the same customers are not read again.
        await projector.FlushAsync(cancel);
        return ticked;
    }
}
