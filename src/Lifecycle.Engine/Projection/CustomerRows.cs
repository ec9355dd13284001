using Lifecycle.Domain.Points;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Projection;

/// <summary>The row of a customer in <c>customers</c>, from their head.</summary>
internal static class CustomerRows
{
    /// <param name="backfillQuiet">The scheduler leaves a customer in back-fill alone for this long.</param>
    public static CustomerRow Of(CustomerKey customer, Head head, TimeSpan backfillQuiet)
    {
        var state = head.State;
        var dueAt = head.Historical ? Instant.Max(state.DueAt, head.RecordedAt.Plus(backfillQuiet)) : state.DueAt;
        // The scheduler pokes whoever has an errand, so that it is finished after a crash.
        if (state.Errand != 0) dueAt = Instant.Min(dueAt, state.At);
        return new(
            customer, head.Seq, head.Position, head.Hash, state.At, head.RecordedAt, dueAt, state.Stage,
            state.Balances.Of(Account.Available), state.Balances.Of(Account.Pending), state.Balances.Of(Account.Held),
            state.Lifetime.Orders, state.Lifetime.SpendMinor, state.Moments.First, state.Moments.Last,
            SnapshotCodec.Encode(customer, head));
    }
}
