using Lifecycle.Domain.Points;
using Lifecycle.Domain.Programs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Projection;

/// <summary>The row of a customer in <c>customers</c>, from their head.</summary>
internal static class CustomerRows
{
    /// <param name="dueAt">When the scheduler looks at the customer: see <see cref="DueAt"/>.</param>
    public static CustomerRow Of(CustomerKey customer, Head head, Instant dueAt)
    {
        var state = head.State;
        return new(
            customer, head.Seq, head.Position, head.Hash, state.At, head.RecordedAt, dueAt, state.Stage,
            state.Balances.Of(Account.Available), state.Balances.Of(Account.Pending), state.Balances.Of(Account.Held),
            state.Lifetime.Orders, state.Lifetime.SpendMinor, state.Moments.First, state.Moments.Last,
            SnapshotCodec.Encode(customer, head));
    }

    /// <summary>When the scheduler looks at the customer.</summary>
    /// <param name="backfillQuiet">It leaves a customer in back-fill alone for this long.</param>
    public static Instant DueAt(Head head, ProgramSchedule programs, TimeSpan backfillQuiet)
    {
        // The scheduler pokes whoever has an errand, so that it is finished after a crash.
        if (head.State.Errand != 0) return head.State.At;
        var dueAt = programs.DueAt(head.State);
        return head.Historical ? Instant.Max(dueAt, head.RecordedAt.Plus(backfillQuiet)) : dueAt;
    }
}
