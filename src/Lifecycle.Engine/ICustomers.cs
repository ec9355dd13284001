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

    /// <summary>
    /// Applies inputs to several customers; done when each has its outcomes or its fault. What cannot be had now for
    /// one of them is no fault of the others.
    /// </summary>
    Task ApplyAsync(IReadOnlyList<CustomerInputs> customers, CancellationToken cancel);

    /// <summary>Null for a customer that has no entry up to the point asked about.</summary>
    Task<CustomerView?> ViewAsync(string customer, PointInTime when, CancellationToken cancel);

    /// <summary>
    /// What the few members of <see cref="ViewAsync"/> that are asked for most are made of; null as there.
    /// </summary>
    ValueTask<StatusReading?> StatusAsync(string customer, PointInTime when, CancellationToken cancel);

    /// <summary>
    /// Which entries a view as of a point in time is made of; null for a customer that has none up to it.
    /// </summary>
    Task<Extent?> ExtentAsync(string customer, PointInTime when, CancellationToken cancel);

    /// <summary>
    /// Null for an unknown customer. <see cref="ArgumentException"/> for a field that cannot be explained; its message
    /// lists those that can.
    /// </summary>
    Task<Explanation?> ExplainAsync(
        string customer, string field, PointInTime when, int limit, CancellationToken cancel);

    /// <summary>Entries before <paramref name="beforeSeq"/>, newest first; null for an unknown customer.</summary>
    Task<IReadOnlyList<Entry>?> EntriesAsync(string customer, long beforeSeq, int limit, CancellationToken cancel);

    /// <summary>
    /// The entries that are recorded under this very id, although it may be an alias now; otherwise as
    /// <see cref="EntriesAsync"/>.
    /// </summary>
    Task<IReadOnlyList<Entry>?> OwnEntriesAsync(
        string customer, long beforeSeq, int limit, CancellationToken cancel);

    /// <summary>
    /// Makes one customer of two: from now on <paramref name="from"/> and every id that led to it lead to
    /// <paramref name="into"/>, and all that it had (points, orders, windows, lifetime) is there. Linking is the same
    /// with an id that nothing was recorded of. Either id may be an alias; a merge into an alias goes to its customer.
    /// </summary>
    /// <remarks>
    /// <see cref="Outcome.Accepted"/> carries the receipt of the customer that they are now; what is one customer
    /// already is accepted and <c>Replayed</c>. A repeated request (same into, source and id) gets the first receipt;
    /// with another <paramref name="from"/> it is <see cref="Outcome.IdReused"/>. <see cref="Outcome.Refused"/> with
    /// <c>same_id</c>, <c>too_many_aliases</c>, or with version 0 where nothing is known of both ids.
    /// </remarks>
    Task<Outcome> MergeAsync(string into, string from, LinkRequest request, CancellationToken cancel);

    /// <summary>
    /// Takes a merge back: the alias is a customer of its own again, with what it brought and what came under its id
    /// since. The receipt is that of the customer it leaves.
    /// </summary>
    /// <remarks>
    /// <see cref="Outcome.Refused"/> with <c>not_an_alias</c>, or with <c>alias_nested</c> where the id came with
    /// another alias that has to be taken back first; with version 0 for an unknown customer.
    /// </remarks>
    Task<Outcome> UnmergeAsync(string customer, string alias, LinkRequest request, CancellationToken cancel);

    /// <summary>
    /// The customer that an id leads to and every other id that leads there, in the order they came; null for an
    /// unknown id.
    /// </summary>
    Task<CustomerIds?> IdentityAsync(string customer, CancellationToken cancel);

    /// <summary>
    /// What <see cref="ApplyAsync(string, IReadOnlyList{Delivery}, CancellationToken)"/> would answer, and the view it
    /// would leave: decided on a fork of the committed state by the same rules, with the ticks due until then first, and
    /// nothing written. An unknown customer is one without entries.
    /// </summary>
    /// <param name="when">Which state to fork; a past one stands as it was decided then.</param>
    /// <param name="at">The instant as if; by default the one that is forked.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="at"/> is before the last entry that is forked, or more than
    /// <see cref="PointInTime.AheadMax"/> ahead of now; the message ends a sentence that begins with its name.
    /// </exception>
    Task<WhatIfAnswer> WhatIfAsync(
        string customer, IReadOnlyList<Delivery> deliveries, PointInTime when, Instant? at, CancellationToken cancel);

    /// <summary>Runs the ticks that are due now. For the scheduler.</summary>
    Task TickAsync(Store.CustomerKey customer, CancellationToken cancel);
}

/// <summary>
/// Which past is meant: what had occurred by one instant, as it was recorded by another. Points and stage are as they
/// had been decided by then; metrics count what had occurred by then, also what was delivered later.
/// </summary>
/// <param name="AsOf">Null for now. Later than now: what time alone will have changed.</param>
/// <param name="KnownAt">Null for now, which is also what a later one means.</param>
public readonly record struct PointInTime(Instant? AsOf, Instant? KnownAt)
{
    /// <summary>
    /// How far ahead of now a question may look: every tick until then is run for the answer, and a program's points
    /// and silences play out in a few years.
    /// </summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromDays(3_660);

    public static readonly PointInTime Now;

    public bool IsNow => AsOf is null && KnownAt is null;
}

/// <summary>What <see cref="ICustomers.StatusAsync"/> found.</summary>
/// <param name="Known">Of a customer in memory the same object for as long as it is right.</param>
/// <param name="Customer">The customer's own id, where an alias was asked for; null where it is the same.</param>
/// <param name="AsOf">The instant it is true for.</param>
public readonly record struct StatusReading(KnownStatus Known, string? Customer, Instant AsOf);

/// <summary>The entries that a view as of an instant is made of.</summary>
/// <param name="DecidedSeq">Points and stage are those of the entries up to this one.</param>
/// <param name="KnownSeq">
/// Of the entries after <paramref name="DecidedSeq"/> up to this one, those that had occurred by
/// <paramref name="Instant"/> count in the metrics.
/// </param>
public sealed record Extent(long DecidedSeq, long KnownSeq, Instant Instant)
{
    /// <summary>The customer's own id, where an alias was asked for; null where it is the same.</summary>
    public string? Customer { get; init; }

    public bool Has(Entry entry) =>
        entry.Seq <= DecidedSeq || (entry.Seq <= KnownSeq && entry.OccurredAt <= Instant);
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

/// <summary>Inputs for one customer among others, and what became of them.</summary>
/// <param name="customer">The customer's own id or an alias.</param>
/// <param name="deliveries">In their order.</param>
public sealed class CustomerInputs(string customer, IReadOnlyList<Delivery> deliveries)
{
    public string Customer { get; } = customer;

    public IReadOnlyList<Delivery> Deliveries { get; } = deliveries;

    /// <summary>One for each delivery, in order; empty where there is a <see cref="Fault"/>.</summary>
    public ImmutableArray<Outcome> Outcomes { get; set; } = [];

    /// <summary>What <see cref="ICustomers.ApplyAsync(string, IReadOnlyList{Delivery}, CancellationToken)"/> throws.</summary>
    public Exception? Fault { get; set; }
}

/// <summary>Names a merge or an unmerge, so that repeating it does no harm.</summary>
/// <param name="Source">The channel.</param>
/// <param name="Id">Unique for the addressed customer and the channel.</param>
/// <param name="OccurredAt">When it was asked for.</param>
/// <param name="IfMatch">The version of the customer that the caller built on; null for any.</param>
/// <param name="Keyed">The caller chose the id and will use it again when it retries.</param>
public sealed record LinkRequest(
    string Source, string Id, Instant OccurredAt, long? IfMatch = null, bool Keyed = true);

/// <summary>Who an id leads to.</summary>
/// <param name="Customer">The canonical id.</param>
/// <param name="Aliases">The other ids that lead there.</param>
public sealed record CustomerIds(string Customer, IReadOnlyList<Alias> Aliases);

/// <summary>An id that leads to a customer.</summary>
/// <param name="Id">The id; its key in the journal where the readable one is gone.</param>
/// <param name="Through">The alias that it came with; null for one that was merged into the customer itself.</param>
/// <param name="Since">When it was merged.</param>
public sealed record Alias(string Id, string? Through, Instant Since);

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

/// <summary>What would have become of inputs.</summary>
/// <param name="Version">The entry that was forked from; 0 for an unknown customer.</param>
/// <param name="At">The instant as if.</param>
/// <param name="Outcomes">One for each input, in order.</param>
/// <param name="View">The customer after them; null when there is none even so.</param>
public sealed record WhatIfAnswer(long Version, Instant At, ImmutableArray<Outcome> Outcomes, CustomerView? View);

/// <summary>The answer to an applied input.</summary>
/// <param name="Version">The entry's <c>seq</c>.</param>
public sealed record Receipt(
    long Version, Instant At, ImmutableArray<Effect> Effects, long Available, long Pending, long Held, string Stage,
    Instant NextChangeAt)
{
    /// <summary>The customer's own id, where an alias was addressed; null where it is the same.</summary>
    public string? Customer { get; init; }

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
