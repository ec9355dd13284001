using System.Globalization;
using Lifecycle.Domain.Time;
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
    /// <summary>How far this machine's clock may be from the store's.</summary>
    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromSeconds(5);

    private long _confirmedAt;
    private volatile bool _lost = true;
    private bool _wasHeld;
    private bool _reported;
    private volatile ClockMark? _clock;
    private volatile bool _jumped;
    private volatile bool _closed;
    private volatile string? _skew;
    private volatile string? _distrust;
    private long _aheadTicks = long.MinValue;
    private long _settledAt;
    private long _suspectedAt;

    /// <summary>
    /// The lease ran out and is held again: what was in memory before may be of a history that went on without it.
    /// </summary>
    public event Action? Regained;

    /// <summary>Why it is not ready; empty when it is.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            CheckClock();
            var problems = new List<string>();
            if (_closed) problems.Add("The process is stopping.");
            else if (!LeaseHeld) problems.Add("The contact with the journal's lock is lost.");
            if (_skew is { } skew) problems.Add(skew);
            if (_distrust is { } distrust) problems.Add(distrust);
            if (_jumped) problems.Add("The clock jumped; confirm it with POST /v1/admin/clock/confirm.");
            return problems;
        }
    }

    /// <summary>How long it may still answer without another contact; zero when it may not.</summary>
    internal TimeSpan LeaseLeft
    {
        get
        {
            var left = options.Lease - time.GetElapsedTime(Interlocked.Read(ref _confirmedAt));
            return !_lost && !_closed && left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// How far this machine's clock was ahead of the store's at the last contact; null where the store has none.
    /// </summary>
    internal TimeSpan? ClockAhead => Interlocked.Read(ref _aheadTicks) is var ticks && ticks == long.MinValue
        ? null
        : TimeSpan.FromTicks(ticks);

    private bool LeaseHeld =>
        !_lost && !_closed && time.GetElapsedTime(Interlocked.Read(ref _confirmedAt)) < options.Lease;

    /// <exception cref="UnavailableException">The process may not answer now.</exception>
    public void EnsureOpen()
    {
        CheckClock();
        if (LeaseHeld && !_jumped && _skew is null && _distrust is null) return;
        throw new UnavailableException(
            UnavailableCodes.Unavailable, string.Join(' ', Problems), TimeSpan.FromSeconds(5));
    }

    /// <exception cref="UnavailableException">
    /// A process was lost that may still answer for its customers from memory: nobody takes them up yet.
    /// </exception>
    internal void EnsureSettled()
    {
        var left = TimeSpan.FromSeconds(
            (Interlocked.Read(ref _settledAt) - time.GetTimestamp()) / (double)time.TimestampFrequency);
        var isSuspected = Interlocked.Read(ref _confirmedAt) < Interlocked.Read(ref _suspectedAt);
        if (!isSuspected && left <= TimeSpan.Zero) return;
        throw new UnavailableException(
            UnavailableCodes.Unavailable,
            "A process was lost. Its customers are taken up once it cannot answer for them any more.",
            left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// The others have changed: no customer is taken up until the store has said whether one of them was lost, also
    /// where nobody waits for that any more.
    /// </summary>
    internal async Task ResettleAsync(CancellationToken cancel)
    {
        Latest(ref _suspectedAt, time.GetTimestamp());
        while (!await TryRenewAsync(cancel)) await Task.Delay(options.Lease / 20, time, cancel);
    }

    /// <summary>Makes contact once; called several times within each lease.</summary>
    public Task RenewAsync(CancellationToken cancel) => TryRenewAsync(cancel);

    /// <summary>Whether the store answered and this process is still the one that may.</summary>
    private async Task<bool> TryRenewAsync(CancellationToken cancel)
    {
        CheckClock();
        // A clock that is corrected little by little does not jump.
        if (!_jumped) _clock = Mark();
        var start = time.GetTimestamp();
        var held = LeaseHeld;
        StoreException? cause = null;
        try
        {
            var contact = await store.ConfirmOwnershipAsync(cancel);
            CompareClocks(contact.Clock, start);
            if (contact.Held)
            {
                Settle(contact.SinceLoss);
                if (!held && _wasHeld) Regained?.Invoke();
                Latest(ref _confirmedAt, start);
                (_lost, _wasHeld, _reported) = (false, true, false);
                return true;
            }
        }
        catch (StoreException e)
        {
            // Until the lease runs out the last contact holds.
            cause = e;
        }

        if (cause is null) _lost = true;
        if (LeaseHeld || _reported) return false;
        _reported = true;
        EngineLog.LeaseLost(logger, cause);
        return false;
    }

    /// <summary>
    /// The lease of who was lost is counted from a contact before that, so it is over a lease after it.
    /// </summary>
    private void Settle(TimeSpan? sinceLoss)
    {
        if (sinceLoss is not { } since || since >= options.Lease) return;
        Latest(
            ref _settledAt,
            time.GetTimestamp() + (long)((options.Lease - since).TotalSeconds * time.TimestampFrequency));
    }

    /// <summary>A call that was made earlier and ended later takes nothing back.</summary>
    private static void Latest(ref long known, long timestamp)
    {
        var earlier = Interlocked.Read(ref known);
        while (timestamp > earlier && Interlocked.CompareExchange(ref known, timestamp, earlier) is var seen
               && seen != earlier) earlier = seen;
    }

    /// <summary>Nothing is answered any more: the process stops.</summary>
    public void Close() => _closed = true;

    /// <summary>What is in memory is of a history that is gone: this process answers nothing more.</summary>
    internal void Distrust(string problem) => _distrust = problem;

    /// <summary>A person has looked at the clock and found it right.</summary>
    public void ConfirmClock()
    {
        _clock = Mark();
        _jumped = false;
    }

    /// <summary>Before every decision, so that none is made for an instant that nobody has confirmed.</summary>
    private void CheckClock()
    {
        if (_jumped || _clock is not { } mark) return;
        var jump = time.GetUtcNow() - mark.Time - time.GetElapsedTime(mark.Timestamp);
        if (jump.Duration() <= options.ClockJumpMax) return;
        _jumped = true;
        EngineLog.ClockJumped(logger, jump);
    }

    /// <summary>The store's clock was read somewhere between the start of the call and now.</summary>
    private void CompareClocks(Instant? store, long start)
    {
        if (store is not { } clock) return;
        var now = Instant.From(time.GetUtcNow());
        var taken = time.GetElapsedTime(start);
        var ahead = TimeSpan.FromMicroseconds(now - clock);
        var skew = ahead > taken ? ahead - taken : ahead < TimeSpan.Zero ? ahead : TimeSpan.Zero;
        Interlocked.Exchange(ref _aheadTicks, skew.Ticks);
        var known = _skew is not null;
        var side = skew > TimeSpan.Zero ? "ahead of" : "behind";
        var seconds = skew.Duration().TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        _skew = skew.Duration() <= ClockSkewMax
            ? null
            : $"The clock is {seconds} s {side} the database's; set both right.";
        if (_skew is not null && !known) EngineLog.ClockSkewed(logger, skew);
    }

    private ClockMark Mark() => new(time.GetTimestamp(), time.GetUtcNow());

    private sealed record ClockMark(long Timestamp, DateTimeOffset Time);
}
