using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.CloudEvents;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Problems;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Events;

/// <summary>One event of a request and what became of it.</summary>
/// <param name="Sent">As it came: what quarantine keeps.</param>
internal sealed record EventOutcome(EventRead Read, ReadOnlyMemory<byte> Sent)
{
    /// <summary>Decide it at its own time.</summary>
    public bool Historical { get; init; }

    /// <summary>How <see cref="Sent"/> is to be read: a name of <see cref="EventFormats"/>.</summary>
    public string Format { get; init; } = EventFormats.Event;

    public Outcome.Accepted? Accepted { get; set; }

    public EventProblem? Problem { get; set; } = Read.Problem;
}

/// <summary>How a request's events are taken.</summary>
/// <param name="Historical">Each is decided at its own time.</param>
internal sealed record IntakeTerms(bool Historical = false)
{
    /// <summary>How far the sender's clock is behind ours; null where that is not known.</summary>
    public TimeSpan? ClockBehind { get; init; }

    /// <summary>By index: what whoever wrote the body found wrong already. It goes before what is found here.</summary>
    public IReadOnlyDictionary<int, EventProblem> Problems { get; init; } =
        ImmutableDictionary<int, EventProblem>.Empty;
}

/// <summary>
/// Takes a request's events in: read once, grouped by customer in their order, one call per customer, and what cannot
/// be taken put into quarantine, all durable before the answer.
/// </summary>
internal sealed class EventIntake(
    ICustomers customers, QuarantineIntake quarantine, WebMeter meter, TimeProvider time, IOptions<WebOptions> options)
{
    /// <summary>Events of ours: one, an array, or one a line.</summary>
    /// <exception cref="ProblemException">Nothing was taken.</exception>
    /// <exception cref="UnavailableException">Some may have been; sending all again does no harm.</exception>
    public Task<EventOutcome[]> TakeAsync(
        ReadOnlyMemory<byte> body, IntakeTerms terms, CancellationToken cancel) =>
        TakeAsync(Read(body, EventFormats.Event, terms), cancel);

    /// <summary>Decides the events, and keeps those that cannot be taken.</summary>
    /// <exception cref="UnavailableException">Some may have been taken; sending all again does no harm.</exception>
    public async Task<EventOutcome[]> TakeAsync(EventOutcome[] events, CancellationToken cancel)
    {
        await DecideAsync(events, cancel);
        List<RejectedEvent>? rejected = null;
        foreach (var read in events)
            if (read.Problem is not null) (rejected ??= []).Add(ToRejected(read));
        if (rejected is null) return events;
        await quarantine.KeepAsync(rejected, cancel);
        foreach (var one in rejected) meter.Quarantined(one.Reason);
        return events;
    }

    /// <param name="format">A name of <see cref="EventFormats"/>.</param>
    /// <exception cref="ProblemException">The body cannot be taken at all.</exception>
    public EventOutcome[] Read(ReadOnlyMemory<byte> body, string format, IntakeTerms terms)
    {
        var limits = new EventReaderLimits(options.Value.EventsMax, options.Value.EventBytesMax)
        {
            ClockBehind = terms.ClockBehind,
        };
        var now = Instant.From(time.GetUtcNow());
        if (format == EventFormats.CloudEvent) return CloudEventReader.Read(body, now, limits, terms.Historical);
        var batch = EventReader.Read(body, now, limits);
        if (batch.Malformed is { } malformed)
            throw new ProblemException(
                malformed.TooMany ? ProblemCodes.TooManyEvents : ProblemCodes.MalformedJson, malformed.Detail);
        var events = new EventOutcome[batch.Events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            var read = batch.Events[i];
            events[i] = new(read, read.BodyIn(body)) { Historical = terms.Historical };
            if (terms.Problems.Count > 0 && terms.Problems.GetValueOrDefault(i) is { } problem)
                events[i].Problem = problem;
        }

        return events;
    }

    /// <summary>
    /// Decides those that have no problem, in place. All customers are decided even if one fails, unless there is no room
    /// for more: what is durable stays so, and the sender sends all again.
    /// </summary>
    public async Task DecideAsync(EventOutcome[] events, CancellationToken cancel)
    {
        var groups = new CustomerGroups(events);
        Exception? fault = null;
        // A piece of a request at a time: what is under way of a hundred thousand customers would fill the memory.
        foreach (var piece in groups.Inputs.Chunk(options.Value.CustomersAtOnceMax))
        {
            await customers.ApplyAsync(piece, cancel);
            foreach (var inputs in piece) fault ??= Settle(inputs, groups.EventsOf(inputs.Customer));
            // All of it is sent again: what is decided meanwhile would take the room of what can be answered.
            if (fault is UnavailableException { Code: UnavailableCodes.Overloaded }) break;
        }

        if (fault is not null) ExceptionDispatchInfo.Throw(fault);
    }

    /// <summary>Takes over what became of a customer's events; answers why they cannot be had now.</summary>
    private static Exception? Settle(CustomerInputs inputs, IEnumerable<EventOutcome> events)
    {
        if (inputs.Fault is UnavailableException { Code: UnavailableCodes.Isolated } isolated)
        {
            // Answered 503, the sender would send all of it again until somebody has looked at this one customer.
            foreach (var read in events)
                read.Problem = ProblemOf(
                    QuarantineReasons.CustomerIsolated, $"{isolated.Message} Replay the event after that.");
            return null;
        }

        if (inputs.Fault is not null) return inputs.Fault;
        var i = 0;
        foreach (var read in events)
        {
            switch (inputs.Outcomes[i++])
            {
                case Outcome.Accepted accepted:
                    read.Accepted = accepted;
                    break;
                case Outcome.Unacceptable no:
                    read.Problem = ProblemOf(no.Reason, no.Detail);
                    break;
                case Outcome.IdReused reused:
                    read.Problem = Reused(reused.Seq);
                    break;
                case var other:
                    throw new UnreachableException($"An event was answered with {other.GetType()}.");
            }
        }

        return null;
    }

    internal static EventProblem Reused(long seq) => ProblemOf(
        QuarantineReasons.IdReused,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The id was used before with another body, by entry {seq}. A correction needs an id of its own."));

    internal static EventProblem ProblemOf(string reason, string detail) =>
        new(reason, detail, ImmutableDictionary<string, string>.Empty);

    private static RejectedEvent ToRejected(EventOutcome outcome) =>
        new(outcome.Read.Source ?? "", outcome.Problem!.Reason, outcome.Problem.Detail, outcome.Sent)
        {
            Historical = outcome.Historical,
            Format = outcome.Format,
        };
}
