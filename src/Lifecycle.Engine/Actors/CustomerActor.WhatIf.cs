using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// A fork: an actor that nobody else knows, which decides what-if inputs by the same turns as any other and hands none
/// of its entries to the journal. They stay in flight, where its own later decisions find them.
/// </summary>
public sealed partial class CustomerActor
{
    private Fork? _fork;

    /// <summary>Decides inputs on a head as if it were another instant. Once, on an actor made for it.</summary>
    /// <param name="head">What to fork; the actor never reads a later one.</param>
    /// <param name="at">The instant as if, not before the head's own.</param>
    /// <returns>The outcomes, and the state after them.</returns>
    internal async Task<(ImmutableArray<Outcome> Outcomes, CustomerState State)> WhatIfAsync(
        CustomerKey addressed, string id, Head head, Instant at, IReadOnlyList<Delivery> deliveries,
        CancellationToken cancel)
    {
        (_head, _committed, _fork) = (head, head, new(at, head.Seq, head.RecordedAt));
        var request = new PendingRequest(addressed, id, deliveries, new Gathering(1));
        await BeginAsync(request, cancel);
        return (request.Outcomes, _head!.State);
    }

    /// <summary>
    /// What journals hold beyond the fork's head is of the branch that was really lived. Another customer's row was
    /// known here once it had come with them, and that was recorded here.
    /// </summary>
    private bool IsBeforeFork(JournalRow row) => _fork is null ||
        (row.Customer == Key ? row.Seq <= _fork.Seq : row.RecordedAt <= _fork.RecordedAt);

    private sealed record Fork(Instant At, long Seq, Instant RecordedAt);
}
