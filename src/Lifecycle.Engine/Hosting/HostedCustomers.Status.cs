using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>The few members of a view that are asked for most.</summary>
internal abstract partial class HostedCustomers
{
    protected async ValueTask<StatusReading?> FollowStatusAsync(CustomerKey asked, CancellationToken cancel)
    {
        var (key, head, instant) = await FollowAsync(asked, cancel);
        if (head.Seq == 0) return null;
        var status = KnownStatus.Of(head, Services.ProgramsUntil(instant), instant);
        return new StatusReading(status, await NameOfAsync(key, asked, cancel), instant);
    }

    protected async ValueTask<StatusReading?> PastStatusAsync(
        string customer, PointInTime when, CancellationToken cancel)
    {
        var asked = Services.Secret.CustomerKeyOf(customer);
        var (key, past, instant) = await FollowPastAsync(asked, when, cancel);
        if (past.Head.Seq == 0) return null;
        var status = KnownStatus.Of(past.Head, ProgramsOf(when, instant), instant);
        return new StatusReading(status, await NameOfAsync(key, asked, cancel), instant);
    }

    /// <summary>The customer's own id, where an alias was asked for; null where it is the same.</summary>
    private async ValueTask<string?> NameOfAsync(CustomerKey key, CustomerKey asked, CancellationToken cancel) =>
        key == asked ? null : (await IdsOfAsync([key], cancel))[0];
}
