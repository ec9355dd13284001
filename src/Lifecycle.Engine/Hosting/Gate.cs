using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Hosting;

/// <summary>
/// Whether this process may answer: it holds its lease on the journal and its clock can be trusted.
/// </summary>
/// <remarks>
/// The lease is counted on the monotonic clock from the start of the last call in which the store confirmed that this
/// process owns it. After a stop of the process (SIGSTOP, a frozen machine) it has run out by itself.
/// </remarks>
public sealed class Gate(IStore store, EngineOptions options, TimeProvider time, ILogger<Gate> logger) : IReadiness
{
    private long _confirmedAt;
    private volatile bool _lost = true;
    private long _clockMark;
    private DateTimeOffset _clockTime;
    private volatile bool _jumped;

    /// <summary>Why it is not ready; empty when it is.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            var problems = new List<string>();
            if (!LeaseHeld) problems.Add("The contact with the journal's lock is lost.");
            if (_jumped) problems.Add("The clock jumped; confirm it with POST /v1/admin/clock/confirm.");
            return problems;
        }
    }

    private bool LeaseHeld =>
        !_lost && time.GetElapsedTime(Interlocked.Read(ref _confirmedAt)) < options.Lease;

    /// <exception cref="UnavailableException">The process may not answer now.</exception>
    public void EnsureOpen()
    {
        if (LeaseHeld && !_jumped) return;
        throw new UnavailableException(
            UnavailableCodes.Unavailable, string.Join(' ', Problems), TimeSpan.FromSeconds(5));
    }

    /// <summary>Makes contact once; called several times within each lease.</summary>
    public async Task RenewAsync(CancellationToken cancel)
    {
        CheckClock();
        var start = time.GetTimestamp();
        var wasLost = _lost;
        StoreException? cause = null;
        try
        {
            if (await store.ConfirmOwnershipAsync(cancel))
            {
                Interlocked.Exchange(ref _confirmedAt, start);
                _lost = false;
                return;
            }
        }
        catch (StoreException e)
        {
            // Until the lease runs out the last contact holds.
            cause = e;
        }

        if (cause is null) _lost = true;
        if (!wasLost) EngineLog.LeaseLost(logger, cause);
    }

    /// <summary>A person has looked at the clock and found it right.</summary>
    public void ConfirmClock()
    {
        Mark();
        _jumped = false;
    }

    private void CheckClock()
    {
        if (_clockMark != 0)
        {
            var moved = time.GetUtcNow() - _clockTime;
            var jump = moved - time.GetElapsedTime(_clockMark);
            if (jump.Duration() > options.ClockJumpMax && !_jumped)
            {
                _jumped = true;
                EngineLog.ClockJumped(logger, jump);
            }
        }

        Mark();
    }

    private void Mark()
    {
        _clockMark = time.GetTimestamp();
        _clockTime = time.GetUtcNow();
    }
}
