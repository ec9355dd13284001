using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;

namespace Lifecycle.Engine.Hosting;

/// <summary>Decisions on a fork, of which nothing is written.</summary>
internal abstract partial class HostedCustomers
{
    public async Task<WhatIfAnswer> WhatIfAsync(
        string customer, IReadOnlyList<Delivery> deliveries, PointInTime when, Instant? at, CancellationToken cancel)
    {
        var asked = Services.Secret.CustomerKeyOf(customer);
        var (key, past, now) = await FollowPastAsync(asked, when, cancel);
        return await GuardAsync(key, async () =>
        {
            var instant = at ?? now;
            if (instant < past.Head.State.At)
                throw new ArgumentOutOfRangeException(
                    nameof(at), $"must not be before {past.Head.State.At}, when the customer's last entry was decided");
            if (instant > Services.Now.Plus(PointInTime.AheadMax))
                throw new ArgumentOutOfRangeException(
                    nameof(at), $"must be at most {PointInTime.AheadMax.TotalDays} days ahead of now");
            var fork = new CustomerActor(key, Services);
            var (outcomes, state) = await fork.WhatIfAsync(asked, customer, past.Head, instant, deliveries, cancel);
            return new WhatIfAnswer(
                past.Head.Seq, instant, key == asked ? outcomes : await NamedAsync(outcomes, key, cancel),
                state.Seq == 0
                    ? null
                    : await NamedAsync(Views.At(state, Services.Programs, instant), asked, key, past.Head, cancel));
        });
    }
}
