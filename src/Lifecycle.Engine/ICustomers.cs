using System.Collections.Immutable;
using Lifecycle.Domain.Customers;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine;

/// <summary>
/// The seam: all that a caller can do with a customer, whichever host runs the actors. An id is the customer's own or
/// an alias. Every answer is released when what it was decided on is durable.
/// </summary>
/// <remarks>
/// Throws <see cref="UnavailableException"/> when the answer cannot be had now; the caller may try the same again.
/// </remarks>
public interface ICustomers
{
    /// <summary>Applies inputs to one customer in order; one outcome each. A customer that is new is made.</summary>
    Task<ImmutableArray<Outcome>> ApplyAsync(
        string customer, IReadOnlyList<Delivery> deliveries, CancellationToken cancel);

    /// <summary>Null for a customer that has no entry up to the point asked about.</summary>
    Task<CustomerView?> ViewAsync(string customer, PointInTime when, CancellationToken cancel);

    /// <summary>
    /// Null for an unknown customer. <see cref="ArgumentException"/> for a field that cannot be explained; its message
    /// lists those that can.
    /// </summary>
    Task<Explanation?> ExplainAsync(
        string customer, string field, PointInTime when, int limit, CancellationToken cancel);

    /// <summary>Entries before <paramref name="beforeSeq"/>, newest first; null for an unknown customer.</summary>
    Task<IReadOnlyList<Entry>?> EntriesAsync(string customer, long beforeSeq, int limit, CancellationToken cancel);

    /// <summary>Runs the ticks that are due now. For the scheduler.</summary>
    Task TickAsync(Store.CustomerKey customer, CancellationToken cancel);
}

/// <summary>Which past is meant: what had occurred by one instant, as it was recorded by another.</summary>
/// <param name="AsOf">Null for now.</param>
/// <param name="KnownAt">Null for now.</param>
public readonly record struct PointInTime(Instant? AsOf, Instant? KnownAt)
{
    public static readonly PointInTime Now;

    public bool IsNow => AsOf is null && KnownAt is null;
}

/// <summary>An input on its way to a customer.</summary>
/// <param name="Input">What to decide.</param>
/// <param name="Historical">Decide it at its own time (back-fill).</param>
/// <param name="IfMatch">The version the caller built on; null for any.</param>
/// <param name="Keyed">
/// The caller chose the id and will use it again when it retries; a refusal is then journaled. Always true of events.
/// </param>
/// <param name="TimeAssigned">The time is ours and not the sender's: a redelivery would carry another one.</param>
/// <param name="ClaimedAt">
/// The sender's own time where the input's was corrected for its clock. A redelivery is corrected by another amount, so
/// this one decides whether it is the same; null where nothing was corrected.
/// </param>
public sealed record Delivery(
    Input Input, bool Historical = false, long? IfMatch = null, bool Keyed = true, bool TimeAssigned = false,
    Instant? ClaimedAt = null);

/// <summary>What became of a delivery.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>Journaled now, or by an earlier delivery of the same input (<paramref name="Replayed"/>).</summary>
    public sealed record Accepted(Receipt Receipt, bool Replayed) : Outcome;

    /// <summary>A command was refused. <paramref name="Code"/> is a problem code.</summary>
    public sealed record Refused(string Code, string Detail, long Version, bool Replayed) : Outcome;

    /// <summary>An event cannot be taken as it is; the caller puts it into quarantine.</summary>
    public sealed record Unacceptable(string Reason, string Detail) : Outcome;

    /// <summary>The id was used before with another body.</summary>
    public sealed record IdReused(long Seq) : Outcome;

    /// <summary><see cref="Delivery.IfMatch"/> is not the version.</summary>
    public sealed record Stale(long Version) : Outcome;
}

/// <summary>The answer to an applied input.</summary>
/// <param name="Version">The entry's <c>seq</c>.</param>
public sealed record Receipt(
    long Version, Instant At, ImmutableArray<Effect> Effects, long Available, long Pending, long Held, string Stage,
    Instant NextChangeAt)
{
    public static Receipt Of(Entry entry) => new(
        entry.Seq, entry.At, entry.Effects, entry.After.Available, entry.After.Pending, entry.After.Held,
        entry.After.Stage, entry.After.NextChangeAt);
}

/// <summary>The answer cannot be had now. The caller may send the same again after <see cref="RetryAfter"/>.</summary>
/// <param name="code">A problem code: <c>overloaded</c>, <c>unavailable</c>, <c>customer_isolated</c>.</param>
public sealed class UnavailableException(string code, string message, TimeSpan retryAfter, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code { get; } = code;

    public TimeSpan RetryAfter { get; } = retryAfter;
}
