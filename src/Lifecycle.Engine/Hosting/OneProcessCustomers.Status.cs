using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>The question that is asked most.</summary>
internal sealed partial class OneProcessCustomers
{
    /// <remarks>Of a customer in memory it makes no task, no closure and no copy.</remarks>
    public ValueTask<StatusReading?> StatusAsync(string customer, PointInTime when, CancellationToken cancel)
    {
        var asked = services.Secret.CustomerKeyOf(customer);
        if (!when.IsNow) return PastStatusAsync(asked, when, cancel);
        services.Gate.EnsureOpen();
        if (!_residents.TryGetValue(asked, out var resident) || resident.Actor.Readable is not { Seq: > 0 } head
            || head.State.MergedInto is not null)
            return FollowStatusAsync(asked, cancel);
        // Without entering: whoever was in memory at this look-up answers as of it, although they leave meanwhile.
        resident.UsedAt = time.GetTimestamp();
        // Read after the head: a status is never of an instant before its state's own.
        var instant = Instant.Max(services.Now, head.State.At);
        return new(new StatusReading(resident.Actor.Settle(head, services.Programs, instant), null, instant));
    }

    private async ValueTask<StatusReading?> FollowStatusAsync(CustomerKey asked, CancellationToken cancel)
    {
        var (key, head, instant) = await FollowAsync(asked, cancel);
        if (head.Seq == 0) return null;
        var settled = _residents.TryGetValue(key, out var resident)
            ? resident.Actor.Settle(head, services.Programs, instant)
            : Views.Settle(head.State, services.Programs, instant);
        return new StatusReading(settled, await NameOfAsync(key, asked, cancel), instant);
    }

    private async ValueTask<StatusReading?> PastStatusAsync(
        CustomerKey asked, PointInTime when, CancellationToken cancel)
    {
        var (key, past, instant) = await FollowPastAsync(asked, when, cancel);
        if (past.Head.Seq == 0) return null;
        var settled = Views.Settle(past.Head.State, services.Programs, instant);
        return new StatusReading(settled, await NameOfAsync(key, asked, cancel), instant);
    }

    /// <summary>The customer's own id, where an alias was asked for; null where it is the same.</summary>
    private async ValueTask<string?> NameOfAsync(CustomerKey key, CustomerKey asked, CancellationToken cancel) =>
        key == asked ? null : (await IdsOfAsync([key], cancel))[0];
}
