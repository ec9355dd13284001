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
/// The host for many processes: every customer is a grain, asked wherever it lives with one call, which is none of
/// Orleans' where it lives here; and what a request has for several in one process goes there in one message. A call
/// whose process was lost on the way is repeated; all inputs have keys, so that it does no harm.
/// </summary>
internal sealed class ClusterCustomers(
    ActorServices services, LocalActors actors, Lazy<ClusterCustomers.Ways> ways, ClusterMeter meter, ClusterOptions options,
    TimeProvider time)
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
        if (actors.TryEnterOpen(at) is not { } near)
            return Read(at, await CallAsync(at, grain => grain.ApplyAsync(call), cancel));
        try
        {
            Services.Gate.EnsureOpen();
            return await call.DecideAsync(near.Actor);
        }
        finally
        {
            actors.Leave(near);
        }
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
            List<Task> asked = [];
            Dictionary<SiloAddress, List<CustomerInputs>>? elsewhere = null;
            foreach (var one in customers)
            {
                var process = ways.Value.Whereabouts.Find(Services.Secret.CustomerKeyOf(one.Customer));
                if (process is null || process.Equals(ways.Value.Here)) asked.Add(ApplyOneAsync(one));
                else if ((elsewhere ??= []).TryGetValue(process, out var together)) together.Add(one);
                else elsewhere.Add(process, [one]);
            }

            foreach (var (process, together) in elsewhere ?? [])
                asked.Add(together is [var alone] ? ApplyOneAsync(alone) : RelayAsync(process, together));
            await Task.WhenAll(asked);
        }
        finally
        {
            Release(inputs);
        }
    }

    /// <summary>Asks those who were in one process when they last answered.</summary>
    private async Task RelayAsync(SiloAddress process, List<CustomerInputs> customers)
    {
        var calls = customers.Select(one =>
        {
            var key = Services.Secret.CustomerKeyOf(one.Customer).ToGuid();
            return new RelayedCall(key, new(key, one.Customer, new(one.Deliveries), null));
        });
        ApplyAnswer?[] answers;
        try
        {
            Services.Gate.EnsureOpen();
            answers = (await ways.Value.Relays.Of(process).ApplyAsync(new([.. calls]))).Answers;
        }
        catch (Exception e) when (IsOfTheWay(e) && e is not TimeoutException)
        {
            meter.Repeated();
            answers = new ApplyAnswer?[customers.Count];
        }
        catch (Exception e)
        {
            // They were given as long as anybody waits.
            var fault = e is TimeoutException ? Unreachable(e) : e;
            foreach (var one in customers) one.Fault = fault;
            return;
        }

        await Task.WhenAll(customers.Select((one, i) => ApplyOneAsync(one, answers[i])));
    }

    /// <param name="answer">Of the addressed id's customer, where it was asked already.</param>
    private async Task ApplyOneAsync(CustomerInputs inputs, ApplyAnswer? answer = null)
    {
        try
        {
            var key = Services.Secret.CustomerKeyOf(inputs.Customer);
            Answer? decided = answer is null ? null : Read(key, answer);
            inputs.Outcomes = decided is { Redirect: null } here
                ? here.Outcomes
                : await ForwardAsync(
                    key, inputs.Customer, inputs.Deliveries, CancellationToken.None, decided?.Redirect);
        }
        catch (Exception e)
        {
            inputs.Fault = e;
        }
    }

    private Answer Read(CustomerKey at, ApplyAnswer answer)
    {
        ways.Value.Whereabouts.Saw(at, answer.Process);
        return answer.Decided?.Answer ?? throw answer.Fault!.ToException();
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
        var grain = GrainOf(key);
        var start = time.GetTimestamp();
        var left = Timeout.InfiniteTimeSpan;
        for (var delay = RetryDelayMin; ; delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, RetryDelayMax.Ticks)))
        {
            try
            {
                return await call(grain).WaitAsync(left, time, cancel);
            }
            catch (Exception e) when (IsOfTheWay(e) && (e is not OperationCanceledException || !cancel.IsCancellationRequested))
            {
                left = options.RetryFor - time.GetElapsedTime(start) - delay;
                if (left <= TimeSpan.Zero) throw Unreachable(e);
            }

            meter.Repeated();
            await Task.Delay(delay, time, cancel);
        }
    }

    /// <summary>
    /// The customer's actor never throws these: the call did not get there, its answer did not come, or the grain could
    /// not begin. Of a fault that does not travel only the name arrives, or that it has no codec.
    /// </summary>
    public static bool IsOfTheWay(Exception e) => e is OrleansException or TimeoutException or ObjectDisposedException
        or DbException or UnavailableExceptionFallbackException or SerializerException or OperationCanceledException;

    private ICustomerGrain GrainOf(CustomerKey key)
    {
        try
        {
            return ways.Value.Grains.GetGrain<ICustomerGrain>(key.ToGuid());
        }
        catch (ArgumentException e)
        {
            // A front that knows of nobody who has such a grain.
            throw new UnavailableException(
                UnavailableCodes.Unavailable, ClusterReadiness.NobodyHoldsCustomers, TimeSpan.FromSeconds(2), e);
        }
    }

    private static UnavailableException Unreachable(Exception cause) => new(
        UnavailableCodes.Unavailable, "The process that holds this customer cannot be reached now.",
        TimeSpan.FromSeconds(2), cause);

    /// <summary>What there is of Orleans, once the engine is made.</summary>
    internal sealed record Ways(IGrainFactory Grains, Relays Relays, Whereabouts Whereabouts, SiloAddress Here);
}
