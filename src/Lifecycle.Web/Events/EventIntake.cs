using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.CloudEvents;
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

    public Outcome.Accepted? Accepted { get; init; }

    public EventProblem? Problem { get; init; } = Read.Problem;
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
    ICustomers customers, QuarantineIntake quarantine, TimeProvider time, IOptions<WebOptions> options)
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
        await quarantine.KeepAsync([.. events.Where(e => e.Problem is not null).Select(ToRejected)], cancel);
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
        return
        [
            .. batch.Events.Select((e, i) => new EventOutcome(e, e.BodyIn(body))
            {
                Historical = terms.Historical,
                Problem = terms.Problems.GetValueOrDefault(i) ?? e.Problem,
            }),
        ];
    }

    /// <summary>
    /// Decides those that have no problem, in place. All customers are decided even if one fails: what is durable stays
    /// so, and the sender sends all again.
    /// </summary>
    public async Task DecideAsync(EventOutcome[] events, CancellationToken cancel)
    {
        var groups = GroupByCustomer(events);
        var next = -1;
        async Task WorkAsync()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < groups.Count;)
                await DecideAsync(groups[i], events, cancel);
        }

        var workers = Math.Min(groups.Count, options.Value.CustomersAtOnceMax);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync()));
    }

    private static List<List<int>> GroupByCustomer(EventOutcome[] outcomes)
    {
        var groups = new Dictionary<string, List<int>>();
        var inOrder = new List<List<int>>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Problem is not null) continue;
            var customer = outcomes[i].Read.Customer!;
            if (!groups.TryGetValue(customer, out var group))
            {
                groups[customer] = group = [];
                inOrder.Add(group);
            }

            group.Add(i);
        }

        return inOrder;
    }

    private async Task DecideAsync(List<int> group, EventOutcome[] outcomes, CancellationToken cancel)
    {
        var deliveries = new Delivery[group.Count];
        for (var i = 0; i < deliveries.Length; i++)
        {
            var (read, historical) = (outcomes[group[i]].Read, outcomes[group[i]].Historical);
            deliveries[i] = new(read.Event!, historical, TimeAssigned: read.TimeAssigned, ClaimedAt: read.ClaimedAt);
        }

        ImmutableArray<Outcome> results;
        try
        {
            results = await customers.ApplyAsync(outcomes[group[0]].Read.Customer!, deliveries, cancel);
        }
        catch (UnavailableException e) when (e.Code == UnavailableCodes.Isolated)
        {
            // Answered 503, the sender would send all of it again until somebody has looked at this one customer.
            foreach (var index in group)
                outcomes[index] = outcomes[index] with
                {
                    Problem = ProblemOf(QuarantineReasons.CustomerIsolated, $"{e.Message} Replay the event after that."),
                };
            return;
        }

        for (var i = 0; i < deliveries.Length; i++)
        {
            ref var outcome = ref outcomes[group[i]];
            outcome = results[i] switch
            {
                Outcome.Accepted accepted => outcome with { Accepted = accepted },
                Outcome.Unacceptable no => outcome with { Problem = ProblemOf(no.Reason, no.Detail) },
                Outcome.IdReused reused => outcome with { Problem = Reused(reused.Seq) },
                var other => throw new UnreachableException($"An event was answered with {other.GetType()}."),
            };
        }
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
