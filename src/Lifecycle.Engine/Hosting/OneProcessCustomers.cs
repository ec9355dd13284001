using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>The host for one process: every actor is in its memory, or will be when it is asked.</summary>
internal sealed partial class OneProcessCustomers(ActorServices services, LocalActors actors) : HostedCustomers(services)
{
    protected override async ValueTask<Head> HeadAsync(CustomerKey key, CancellationToken cancel)
    {
        var resident = actors.Enter(key);
        try
        {
            return await resident.Actor.ReadAsync(cancel);
        }
        catch (Exception e) when (IsGuarded(e))
        {
            throw Guarded(key, e);
        }
        finally
        {
            actors.Leave(resident);
        }
    }

    protected override async Task<Answer> ApplyAtAsync(
        CustomerKey at, CustomerKey addressed, string id, IReadOnlyList<Delivery> deliveries, CancellationToken cancel,
        NewCustomer? register = null)
    {
        var resident = actors.Enter(at);
        try
        {
            return await resident.Actor.ApplyAsync(addressed, id, deliveries, cancel, register);
        }
        finally
        {
            actors.Leave(resident);
        }
    }

    protected override async Task<bool> TickAtAsync(CustomerKey key, CancellationToken cancel)
    {
        var resident = actors.Enter(key);
        try
        {
            await resident.Actor.TickAsync(cancel);
        }
        finally
        {
            actors.Leave(resident);
        }

        return resident.Actor.Resident is { State.Errand: not 0 };
    }

    protected override SettledState Settle(CustomerKey key, Head head, Instant instant) =>
        actors.Peek(key) is { } resident
            ? resident.Actor.Settle(head, Services.ProgramsUntil(instant), instant)
            : base.Settle(key, head, instant);

    /// <summary>The customer with an id, counted in. One that is remembered needs no key to be made.</summary>
    private Resident Enter(string customer)
    {
        if (!_asked.TryGetValue(customer, out var resident) || !resident.Actor.TryEnter())
            return actors.Enter(Services.Secret.CustomerKeyOf(customer));
        actors.Use(resident);
        return resident;
    }
}
