using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Hosting;

/// <summary>Questions about a point in time. The present has a path of its own, which none of this is on.</summary>
internal abstract partial class HostedCustomers
{
    public async Task<Extent?> ExtentAsync(string customer, PointInTime when, CancellationToken cancel)
    {
        var asked = Services.Secret.CustomerKeyOf(customer);
        var (key, _, _) = await FollowPastAsync(asked, when, cancel);
        var id = key == asked ? null : (await IdsOfAsync([key], cancel))[0];
        return await GuardAsync<Extent?>(key, async () =>
        {
            var (head, now) = await ReadAsync(key, cancel);
            var instant = when.AsOf ?? now;
            var known = when.KnownAt is { } knownAt && knownAt < head.RecordedAt
                ? await Services.Loader.LastSeqAsync(key, head.Seq, row => row.RecordedAt <= knownAt, cancel)
                : head.Seq;
            var decided = instant < head.State.At
                ? await Services.Loader.LastSeqAsync(key, known, row => row.At <= instant, cancel)
                : known;
            return decided == 0 ? null : new(decided, known, instant) { Customer = id };
        });
    }

    private async Task<CustomerView?> PastViewAsync(CustomerKey asked, PointInTime when, CancellationToken cancel)
    {
        var (key, past, instant) = await FollowPastAsync(asked, when, cancel);
        if (past.Head.Seq == 0) return null;
        var view = Views.At(Views.Settle(past.Head.State, ProgramsOf(when, instant), instant), past.Facts, instant);
        return await NamedAsync(view, asked, key, past.Head, cancel);
    }

    /// <summary>
    /// Certain for the present; for an instant that a caller named, also one ahead, as far as is known now.
    /// </summary>
    private ProgramSchedule ProgramsOf(PointInTime when, Instant instant) =>
        when.AsOf is null ? Services.ProgramsUntil(instant) : Services.Programs;

    /// <summary>The customer as of a point in time, and the instant to view it at.</summary>
    private async ValueTask<(PastHead Past, Instant Instant)> ReadPastAsync(
        CustomerKey key, PointInTime when, CancellationToken cancel)
    {
        var (head, now) = await ReadAsync(key, cancel);
        var instant = when.AsOf ?? now;
        var knownAt = when.KnownAt ?? Instant.Never;
        return instant >= head.State.At && knownAt >= head.RecordedAt
            ? (new(head, head.State, head.Seq), instant)
            : (await Services.Loader.LoadAsync(key, instant, knownAt, cancel), instant);
    }
}
