using System.Collections.Concurrent;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>The question that is asked most.</summary>
internal sealed partial class OneProcessCustomers
{
    /// <summary>Ids that are found without hashing them to a key, at about 100 bytes each; with one more all go.</summary>
    private const int AskedMax = 131_072;

    /// <summary>Customers by the own id that they were asked for under; some have left memory meanwhile.</summary>
    private readonly ConcurrentDictionary<string, Resident> _asked = new();
    private int _askedCount;

    /// <remarks>
    /// Of a customer in memory who was asked for before it makes no task, no closure and no copy, and touches little.
    /// </remarks>
    public ValueTask<StatusReading?> StatusAsync(string customer, PointInTime when, CancellationToken cancel)
    {
        if (!when.IsNow) return PastStatusAsync(customer, when, cancel);
        services.Gate.EnsureOpen();
        if (!_asked.TryGetValue(customer, out var resident) || resident.Actor.Readable is not { } head)
            return FindStatusAsync(customer, cancel);
        // Without entering: whoever was in memory at this look answers as of it, although they leave meanwhile.
        resident.UsedAt = time.GetTimestamp();
        // Read after the head: a status is never of an instant before its state's own.
        var instant = services.Now;
        return resident.Actor.StatusOf(head, services.Programs, instant) is { } status
            ? new(new StatusReading(status, null, instant))
            : FindStatusAsync(customer, cancel);
    }

    private async ValueTask<StatusReading?> FindStatusAsync(string customer, CancellationToken cancel)
    {
        var asked = services.Secret.CustomerKeyOf(customer);
        var (key, head, instant) = await FollowAsync(asked, cancel);
        if (head.Seq == 0) return null;
        var programs = services.Programs;
        var status = _residents.TryGetValue(key, out var resident)
            ? resident.Actor.StatusOf(head, programs, instant) ?? resident.Actor.Keep(KnownStatus.Of(head, programs, instant))
            : KnownStatus.Of(head, programs, instant);
        if (resident is not null && key == asked) Remember(customer, resident);
        return new StatusReading(status, await NameOfAsync(key, asked, cancel), instant);
    }

    private async ValueTask<StatusReading?> PastStatusAsync(
        string customer, PointInTime when, CancellationToken cancel)
    {
        var asked = services.Secret.CustomerKeyOf(customer);
        var (key, past, instant) = await FollowPastAsync(asked, when, cancel);
        if (past.Head.Seq == 0) return null;
        var status = KnownStatus.Of(past.Head, services.Programs, instant);
        return new StatusReading(status, await NameOfAsync(key, asked, cancel), instant);
    }

    /// <summary>The customer's own id, where an alias was asked for; null where it is the same.</summary>
    private async ValueTask<string?> NameOfAsync(CustomerKey key, CustomerKey asked, CancellationToken cancel) =>
        key == asked ? null : (await IdsOfAsync([key], cancel))[0];

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
