using System.Collections.Concurrent;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Hosting;

/// <summary>The question that is asked most.</summary>
internal sealed partial class OneProcessCustomers
{
    /// <summary>Ids that are found without hashing them to a key, at about 100 bytes each; with one more all go.</summary>
    private const int AskedMax = 131_072;

    /// <summary>Customers by the own id that they were asked for under; some have left memory meanwhile.</summary>
    private readonly ConcurrentDictionary<string, Resident> _asked = new();
    private int _askedCount;

    /// <remarks>Of a customer in memory it makes no task and no closure, and touches little.</remarks>
    public override ValueTask<StatusReading?> StatusAsync(string customer, PointInTime when, CancellationToken cancel)
    {
        if (!when.IsNow) return PastStatusAsync(customer, when, cancel);
        Services.Gate.EnsureOpen();
        if (!_asked.TryGetValue(customer, out var resident) || resident.Actor.Readable is not { } head)
        {
            var asked = Services.Secret.CustomerKeyOf(customer);
            resident = actors.Peek(asked);
            if (resident?.Actor.Readable is not { Seq: > 0 } found || found.State.MergedInto is not null)
                return FollowStatusAsync(asked, cancel);
            head = found;
            Remember(customer, resident);
        }

        // Without entering: whoever was in memory at this look answers as of it, although they leave meanwhile.
        actors.Use(resident);
        var now = Services.Now;
        var programs = Services.ProgramsUntil(now);
        if (resident.Actor.StatusOf(head, programs, now) is { } kept) return new(new StatusReading(kept, null, now));
        // An alias by now: its customer is asked.
        if (head.State.MergedInto is not null)
            return FollowStatusAsync(Services.Secret.CustomerKeyOf(customer), cancel);
        // A status is never of an instant before its state's own.
        var instant = Instant.Max(now, head.State.At);
        if (instant > now) programs = Services.ProgramsUntil(instant);
        return new(new StatusReading(resident.Actor.Keep(KnownStatus.Of(head, programs, instant)), null, instant));
    }

    private void Remember(string customer, Resident resident)
    {
        if (_asked.TryGetValue(customer, out var known) && known == resident) return;
        if (Interlocked.Increment(ref _askedCount) > AskedMax)
        {
            _asked.Clear();
            Interlocked.Exchange(ref _askedCount, 1);
        }

        _asked[customer] = resident;
    }
}
