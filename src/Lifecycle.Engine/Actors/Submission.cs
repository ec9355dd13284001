using System.Diagnostics;
using Lifecycle.Engine.Hosting;
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
/// <param name="owner">Who hands them over.</param>
/// <param name="activation">In which life.</param>
/// <param name="after">The head when all of it is durable.</param>
/// <param name="rows">Of one customer, by seq.</param>
internal sealed class Submission(
    CustomerActor owner, Activation activation, Head after, IReadOnlyList<JournalRow> rows)
{
    private PendingRequest? _request;
    private List<PendingRequest>? _further;

    public CustomerActor Owner { get; } = owner;

    public Activation Activation { get; } = activation;

    public Head After { get; } = after;

    public IReadOnlyList<JournalRow> Rows { get; } = rows;

    /// <summary>On whose behalf; null while nobody looks at traces.</summary>
    public Activity? Asker { get; } = EngineTrace.Asker;

    public required NewCustomer? Customer { get; init; }

    /// <summary>Another customer that is mentioned here first.</summary>
    public NewCustomer? Register { get; init; }

    public required NewCustomerSecret? Secret { get; init; }

    /// <summary>What is answered when it is durable.</summary>
    public IEnumerable<PendingRequest> Requests => _request is null ? [] : [_request, .. _further ?? []];

    public void Add(PendingRequest request)
    {
        if (_request is null) _request = request;
        else (_further ??= []).Add(request);
    }

    public void Complete(EngineCounts counts)
    {
        _request?.Complete(counts);
        if (_further is null) return;
        foreach (var request in _further) request.Complete(counts);
    }
}
