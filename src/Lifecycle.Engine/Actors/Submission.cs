using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>
/// One life of an actor in memory. Poisoned once a batch of it failed: nothing of it is written any more.
/// </summary>
public sealed class Activation
{
    private volatile bool _poisoned;

    public bool Poisoned => _poisoned;

    internal void Poison() => _poisoned = true;
}

/// <summary>Entries that an actor hands to the journal writer.</summary>
internal sealed class Submission(CustomerActor owner, Activation activation, Head after)
{
    public CustomerActor Owner { get; } = owner;

    public Activation Activation { get; } = activation;

    /// <summary>The head when all of it is durable.</summary>
    public Head After { get; } = after;

    /// <summary>Of one customer, by seq.</summary>
    public required IReadOnlyList<JournalRow> Rows { get; init; }

    public required NewCustomer? Customer { get; init; }

    /// <summary>Another customer that is mentioned here first.</summary>
    public NewCustomer? Register { get; init; }

    public required NewCustomerSecret? Secret { get; init; }

    /// <summary>What is answered when it is durable.</summary>
    public List<PendingRequest> Requests { get; } = [];
}
