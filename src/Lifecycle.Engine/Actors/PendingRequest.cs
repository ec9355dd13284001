using System.Collections.Immutable;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Actors;

/// <summary>Inputs that were handed to an actor together, until what they were decided on is durable.</summary>
/// <param name="addressed">The key of the id that the caller used.</param>
/// <param name="id">The customer's own id; empty where the caller does not know it.</param>
/// <param name="deliveries">The inputs.</param>
/// <param name="gathering">Told when this one is answered.</param>
internal sealed class PendingRequest(
    CustomerKey addressed, string id, IReadOnlyList<Delivery> deliveries, Gathering gathering)
{
    private int _answered;

    public CustomerKey Addressed { get; } = addressed;

    public string Id { get; } = id;

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
    public List<Hash16> Drafted { get; } = new(deliveries.Count);

    /// <summary>The outcomes of the last time; answered once durable.</summary>
    public ImmutableArray<Outcome> Outcomes { get; set; } = [];

    /// <summary>Why it cannot be answered; null when it is.</summary>
    public Exception? Fault { get; private set; }

    /// <param name="counts">Where its outcomes are counted; null for what is decided as if.</param>
    public void Complete(EngineCounts? counts)
    {
        if (Interlocked.Exchange(ref _answered, 1) == 1) return;
        counts?.Answered(Outcomes);
        gathering.Done();
    }

    public void Fail(Exception reason)
    {
        if (Interlocked.Exchange(ref _answered, 1) == 1) return;
        Fault = reason;
        gathering.Done();
    }
}

/// <summary>Done when so many requests are answered, whichever way.</summary>
/// <param name="done">Called once then, also where nobody waits any more; it must not wait or lock.</param>
internal sealed class Gathering(int requests, Action? done = null)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private int _left = requests;

    public void Done()
    {
        if (Interlocked.Decrement(ref _left) > 0) return;
        done?.Invoke();
        TrySetResult();
    }

    /// <summary>For the one that made it; <see cref="Task.WaitAsync(CancellationToken)"/> goes over the thread pool.</summary>
    public Task WaitAsync(CancellationToken cancel) => cancel.CanBeCanceled ? OrCanceledAsync(cancel) : Task;

    private async Task OrCanceledAsync(CancellationToken cancel)
    {
        await using var giveUp = cancel.UnsafeRegister(
            static (gathering, token) => ((Gathering)gathering!).TrySetCanceled(token), this);
        await Task;
    }
}

/// <summary>The inputs belong to another actor.</summary>
/// <param name="To">The customer that the id leads to; null when the addressed id has to be asked again.</param>
internal sealed record Redirect(CustomerKey? To);

/// <summary>What an actor answers: outcomes, or where else to go.</summary>
internal readonly record struct Answer(ImmutableArray<Outcome> Outcomes, Redirect? Redirect);
