using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Web.Problems;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Events;

/// <summary>One event of a request and what became of it.</summary>
internal sealed record EventOutcome(EventRead Read)
{
    public Outcome.Accepted? Accepted { get; init; }

    public EventProblem? Problem { get; init; }
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
    /// <exception cref="ProblemException">Nothing was taken.</exception>
    /// <exception cref="UnavailableException">Some may have been; sending all again does no harm.</exception>
    public async Task<EventOutcome[]> TakeAsync(
        ReadOnlyMemory<byte> body, IntakeTerms terms, CancellationToken cancel)
    {
        var limits = new EventReaderLimits(options.Value.EventsMax, options.Value.EventBytesMax)
        {
            ClockBehind = terms.ClockBehind,
        };
        var batch = EventReader.Read(body, Instant.From(time.GetUtcNow()), limits);
        if (batch.Malformed is { } malformed)
            throw new ProblemException(
                malformed.TooMany ? ProblemCodes.TooManyEvents : ProblemCodes.MalformedJson, malformed.Detail);

        var outcomes = new EventOutcome[batch.Events.Length];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = new(batch.Events[i])
            {
                Problem = terms.Problems.GetValueOrDefault(i) ?? batch.Events[i].Problem,
            };
        await ApplyAsync(GroupByCustomer(outcomes), outcomes, terms.Historical, cancel);
        await quarantine.KeepAsync(
            [.. outcomes.Where(o => o.Problem is not null).Select(o => ToRejected(o, body))], cancel);
        return outcomes;
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

    /// <summary>
    /// All customers are decided even if one fails: what is durable stays so, and the sender sends all again.
    /// </summary>
    private async Task ApplyAsync(
        List<List<int>> groups, EventOutcome[] outcomes, bool historical, CancellationToken cancel)
    {
        var next = -1;
        async Task WorkAsync()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < groups.Count;)
                await ApplyAsync(groups[i], outcomes, historical, cancel);
        }

        var workers = Math.Min(groups.Count, options.Value.CustomersAtOnceMax);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync()));
    }

    private async Task ApplyAsync(List<int> group, EventOutcome[] outcomes, bool historical, CancellationToken cancel)
    {
        var deliveries = new Delivery[group.Count];
        for (var i = 0; i < deliveries.Length; i++)
        {
            var read = outcomes[group[i]].Read;
            deliveries[i] = new(
                read.Event!, historical, TimeAssigned: read.TimeAssigned, ClaimedAt: read.ClaimedAt);
        }

        var results = await customers.ApplyAsync(outcomes[group[0]].Read.Customer!, deliveries, cancel);
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

    private static EventProblem Reused(long seq) => ProblemOf(
        QuarantineReasons.IdReused,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The id was used before with another body, by entry {seq}. A correction needs an id of its own."));

    private static EventProblem ProblemOf(string reason, string detail) =>
        new(reason, detail, ImmutableDictionary<string, string>.Empty);

    private static RejectedEvent ToRejected(EventOutcome outcome, ReadOnlyMemory<byte> body) => new(
        outcome.Read.Source ?? "", outcome.Problem!.Reason, outcome.Problem.Detail,
        outcome.Read.BodyIn(body));
}
