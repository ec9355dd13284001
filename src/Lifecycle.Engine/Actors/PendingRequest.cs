using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Inputs that were handed to an actor together, until what they were decided on is durable.</summary>
internal sealed class PendingRequest(CustomerKey addressed, IReadOnlyList<Delivery> deliveries)
{
    private readonly TaskCompletionSource<ImmutableArray<Outcome>> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The key of the id that the caller used.</summary>
    public CustomerKey Addressed { get; } = addressed;

    public IReadOnlyList<Delivery> Deliveries { get; } = deliveries;

    /// <summary>A customer whose readable id is stored with what is decided: it has no entry yet.</summary>
    public NewCustomer? Register { get; init; }

    /// <summary>Where it belongs instead, as of the last time; answered once that is durable.</summary>
    public Redirect? Redirect { get; set; }

    /// <summary>How often it was decided.</summary>
    public int Attempts { get; set; }

    /// <summary>
    /// The hashes of the entries that were made of it, each time it was decided. One that is found in the journal,
    /// after a commit of which nobody knew whether it succeeded, is its own and no redelivery.
    /// </summary>
    public List<Hash16> Drafted { get; } = [];

    /// <summary>The outcomes of the last time; answered once durable.</summary>
    public ImmutableArray<Outcome> Outcomes { get; set; } = [];

    public Task<ImmutableArray<Outcome>> Answer => _answer.Task;

    public void Complete() => _answer.TrySetResult(Outcomes);

    public void Fail(Exception reason) => _answer.TrySetException(reason);
}

/// <summary>The inputs belong to another actor.</summary>
/// <param name="To">The customer that the id leads to; null when the addressed id has to be asked again.</param>
internal sealed record Redirect(CustomerKey? To);

/// <summary>What an actor answers: outcomes, or where else to go.</summary>
internal readonly record struct Answer(ImmutableArray<Outcome> Outcomes, Redirect? Redirect);
