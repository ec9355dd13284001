using System.Data.Common;
using Lifecycle.Cluster.Silo;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;
using Orleans.Serialization;

namespace Lifecycle.Cluster.Customers;

/// <summary>
/// The host for many processes: every customer is a grain, asked wherever it lives with one call. A call whose process
/// was lost on the way is repeated; all inputs have keys, so that it does no harm.
/// </summary>
internal sealed class ClusterCustomers(
    ActorServices services, Lazy<IGrainFactory> grains, ClusterMeter meter, ClusterOptions options, TimeProvider time)
    : HostedCustomers(services)
{
    private static readonly TimeSpan RetryDelayMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(1);

    public override async Task ApplyAsync(IReadOnlyList<CustomerInputs> customers, CancellationToken cancel)
    {
        if (customers.Count == 0) return;
        var inputs = customers.Sum(one => one.Deliveries.Count);
        // All or none: of a request that is half taken everything is sent again.
        if (!TryAdmit(inputs))
        {
            foreach (var one in customers) one.Fault = TooMany();
            return;
        }

        // Counted until all of it is done, though the caller may have left.
        await ApplyAllAsync(customers, inputs).WaitAsync(cancel);
    }

    public override async ValueTask<StatusReading?> StatusAsync(
        string customer, PointInTime when, CancellationToken cancel)
    {
        if (!when.IsNow) return await PastStatusAsync(customer, when, cancel);
        var key = Services.Secret.CustomerKeyOf(customer);
        var answer = await CallAsync(key, grain => grain.StatusAsync(), cancel);
        if (answer.Fault is { } fault) throw fault.ToException();
        if (answer.IsAlias) return await FollowStatusAsync(key, cancel);
        return answer.Status is { } status
            ? new StatusReading(status.Known, null, new Instant(answer.AsOf))
            : null;
    }

    protected override async ValueTask<Head> HeadAsync(CustomerKey key, CancellationToken cancel)
    {
        var answer = await CallAsync(key, grain => grain.HeadAsync(), cancel);
        return answer.Head?.Head ?? throw answer.Fault!.ToException();
    }

    protected override async Task<Answer> ApplyAtAsync(
        CustomerKey at, CustomerKey addressed, string id, IReadOnlyList<Delivery> deliveries, CancellationToken cancel,
        NewCustomer? register = null)
    {
        var call = new ApplyCall(
            addressed.ToGuid(), id, new(deliveries),
            register is null ? null : new(register.Customer.ToGuid(), register.Id, register.FirstSeenAt.Micros));
        var answer = await CallAsync(at, grain => grain.ApplyAsync(call), cancel);
        return answer.Decided?.Answer ?? throw answer.Fault!.ToException();
    }

    protected override async Task<bool> TickAtAsync(CustomerKey key, CancellationToken cancel)
    {
        var answer = await CallAsync(key, grain => grain.TickAsync(), cancel);
        if (answer.Fault is { } fault) throw fault.ToException();
        return answer.IsUnfinished;
    }

    private async Task ApplyAllAsync(IReadOnlyList<CustomerInputs> customers, int inputs)
    {
        try
        {
            await Task.WhenAll(customers.Select(ApplyOneAsync));
        }
        finally
        {
            Release(inputs);
        }
    }

    private async Task ApplyOneAsync(CustomerInputs inputs)
    {
        try
        {
            inputs.Outcomes = await ForwardAsync(
                Services.Secret.CustomerKeyOf(inputs.Customer), inputs.Customer, inputs.Deliveries,
                CancellationToken.None);
        }
        catch (Exception e)
        {
            inputs.Fault = e;
        }
    }

    /// <summary>
    /// Asks a customer's grain, again where its process was lost or is leaving. Orleans gives a call up after the same
    /// time, so that no caller waits for longer than that and a little.
    /// </summary>
    private async Task<T> CallAsync<T>(
        CustomerKey key, Func<ICustomerGrain, Task<T>> call, CancellationToken cancel)
    {
        // One that the others go on without answers nothing, also not what they tell it.
        Services.Gate.EnsureOpen();
        var grain = grains.Value.GetGrain<ICustomerGrain>(key.ToGuid());
        var start = time.GetTimestamp();
        var left = Timeout.InfiniteTimeSpan;
        for (var delay = RetryDelayMin; ; delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, RetryDelayMax.Ticks)))
        {
            try
            {
                return await call(grain).WaitAsync(left, time, cancel);
            }
            catch (Exception e) when (IsOfTheWay(e, cancel))
            {
                left = options.RetryFor - time.GetElapsedTime(start) - delay;
                if (left <= TimeSpan.Zero)
                {
                    throw new UnavailableException(
                        UnavailableCodes.Unavailable, "The process that holds this customer cannot be reached now.",
                        TimeSpan.FromSeconds(2), e);
                }
            }

            meter.Repeated();
            await Task.Delay(delay, time, cancel);
        }
    }

    /// <summary>
    /// The customer's actor never throws these: the call did not get there, its answer did not come, or the grain could
    /// not begin. Of a fault that does not travel only the name arrives.
    /// </summary>
    private static bool IsOfTheWay(Exception e, CancellationToken cancel) =>
        e is OrleansException or TimeoutException or ObjectDisposedException or DbException
            or UnavailableExceptionFallbackException
        || (e is OperationCanceledException && !cancel.IsCancellationRequested);
}
