using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Store;
using Lifecycle.Web.Events;
using Lifecycle.Web.Problems;

namespace Lifecycle.Web.Quarantine;

/// <summary>
/// Takes quarantined events in once more, as they were sent or corrected. The event's id makes it harmless to do so
/// twice, at once, or after the event came by itself: then it is a duplicate, and resolved.
/// </summary>
internal sealed class QuarantineReplay(IStore store, QuarantineIntake quarantine, EventIntake intake, TimeProvider time)
{
    /// <exception cref="ProblemException">The body cannot be opened, or the correction is not one event.</exception>
    /// <exception cref="UnavailableException">It may have been taken; doing it again does no harm.</exception>
    public async Task<EventOutcome> ReplayAsync(
        QuarantinedItem item, EventOutcome? correction, string by, CancellationToken cancel)
    {
        var events = new[] { correction ?? Open(item) ?? throw Unreadable() };
        await intake.DecideAsync(events, cancel);
        // A correction that fails says nothing about what is kept.
        if (events[0].Problem is null || correction is null) await SettleAsync([item], events, by, cancel);
        return events[0];
    }

    /// <summary>Answers how many were taken, now or before; the others wait with the reason of now.</summary>
    public async Task<int> ReplayAsync(IReadOnlyList<QuarantinedItem> items, string by, CancellationToken cancel)
    {
        var opened = items.Select(item => (Item: item, Event: Open(item))).Where(o => o.Event is not null).ToList();
        var events = opened.Select(o => o.Event!).ToArray();
        await intake.DecideAsync(events, cancel);
        return await SettleAsync([.. opened.Select(o => o.Item)], events, by, cancel);
    }

    /// <summary>Reads a correction: one event, decided as the one it stands for.</summary>
    /// <exception cref="ProblemException">It is not JSON, or not one event.</exception>
    public EventOutcome Read(ReadOnlyMemory<byte> body, string format, QuarantinedItem item) =>
        intake.Read(body, format, new(item.Historical)) is [var only]
            ? AtReceipt(only, item)
            : throw new ProblemException(ProblemCodes.InvalidBody, "A correction is one event.");

    private EventOutcome? Open(QuarantinedItem item) =>
        quarantine.Open(item) is { } body ? Read(body, item.Format, item) : null;

    private static ProblemException Unreadable() => new(
        ProblemCodes.QuarantineUnreadable,
        "The secret of this installation does not open it. Replay it with the event as the body, or discard it.");

    /// <summary>An event that names no time happened when it first came, not when it is replayed.</summary>
    private static EventOutcome AtReceipt(EventOutcome outcome, QuarantinedItem item)
    {
        var read = outcome.Read;
        if (!read.TimeAssigned || read.Event is null) return outcome;
        return outcome with { Read = read with { Event = read.Event with { OccurredAt = item.ReceivedAt } } };
    }

    private Task<int> SettleAsync(
        IReadOnlyList<QuarantinedItem> items, EventOutcome[] events, string by, CancellationToken cancel)
    {
        var resolved = new List<long>();
        var failed = new List<QuarantineFailure>();
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i].Problem is { } problem) failed.Add(new(items[i].Id, problem.Reason, problem.Detail));
            else resolved.Add(items[i].Id);
        }

        var resolution = new QuarantineResolution(
            QuarantineResolutions.Replayed, Instant.From(time.GetUtcNow()), by);
        return store.Quarantine.SettleAsync(resolved, resolution, failed, cancel);
    }
}
