using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Store;

namespace Lifecycle.Cluster.Customers;

// Within a process these objects are handed over as they are; between two they travel in the engine's own forms.

/// <param name="Addressed">The key of the id that the caller used.</param>
/// <param name="Id">The customer's own id; empty where the caller does not know it.</param>
/// <param name="Inputs">What to decide.</param>
/// <param name="Register">A customer to be stored with what is decided.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.apply_call")]
internal sealed record ApplyCall(
    [property: Id(0)] Guid Addressed, [property: Id(1)] string Id, [property: Id(2)] Inputs Inputs,
    [property: Id(3)] Registration? Register)
{
    public Task<Answer> DecideAsync(CustomerActor actor) => actor.ApplyAsync(
        CustomerKeys.Of(Addressed), Id, Inputs.Deliveries, CancellationToken.None, Register?.ToCustomer());
}

/// <param name="Decided">Null where it could not be done.</param>
/// <param name="Fault">Why not.</param>
/// <param name="Process">The number of the process in which the customer is; see <see cref="Whereabouts"/>.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.apply_answer")]
internal sealed record ApplyAnswer(
    [property: Id(0)] Decided? Decided, [property: Id(1)] Fault? Fault, [property: Id(2)] uint Process);

[GenerateSerializer, Immutable, Alias("lifecycle.head_answer")]
internal sealed record HeadAnswer([property: Id(0)] KnownHead? Head, [property: Id(1)] Fault? Fault);

/// <param name="Status">Null for an unknown customer, and for one who leads elsewhere.</param>
/// <param name="AsOf">Microseconds; the instant it is true for.</param>
/// <param name="IsAlias">The customer leads elsewhere.</param>
/// <param name="Fault">Why there is no answer.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.status_answer")]
internal sealed record StatusAnswer(
    [property: Id(0)] Status? Status, [property: Id(1)] long AsOf, [property: Id(2)] bool IsAlias,
    [property: Id(3)] Fault? Fault);

/// <param name="IsUnfinished">Something that it sent has not arrived yet.</param>
/// <param name="Fault">Why it was not done.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.tick_answer")]
internal sealed record TickAnswer([property: Id(0)] bool IsUnfinished, [property: Id(1)] Fault? Fault);

/// <summary>An <see cref="UnavailableException"/>.</summary>
[GenerateSerializer, Immutable, Alias("lifecycle.fault")]
internal sealed record Fault(
    [property: Id(0)] string Code, [property: Id(1)] string Message, [property: Id(2)] TimeSpan RetryAfter)
{
    public static Fault Of(UnavailableException e) => new(e.Code, e.Message, e.RetryAfter);

    public UnavailableException ToException() => new(Code, Message, RetryAfter);
}

/// <summary>A customer to be stored with what another one decides.</summary>
/// <param name="FirstSeenAt">Microseconds.</param>
[GenerateSerializer, Immutable, Alias("lifecycle.registration")]
internal sealed record Registration(
    [property: Id(0)] Guid Customer, [property: Id(1)] string Id, [property: Id(2)] long FirstSeenAt)
{
    public NewCustomer ToCustomer() => new(CustomerKeys.Of(Customer), Id, new Instant(FirstSeenAt));
}

internal sealed record Inputs(IReadOnlyList<Delivery> Deliveries);

internal sealed record Decided(Answer Answer);

internal sealed record KnownHead(Head Head);

internal sealed record Status(KnownStatus Known);
