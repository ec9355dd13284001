using Lifecycle.Client.Transport;

namespace Lifecycle.Client;

public sealed partial class LifecycleClient
{
    /// <summary>Sends events in as few requests as the batch's limits allow, in their order.</summary>
    /// <returns>The answers added up; indexes count from the first event.</returns>
    public async Task<EventsAnswer> SendEventsAsync(
        IEnumerable<CustomerEvent> events, EventOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        using var batch = new EventBatch();
        var sum = EventsAnswer.Nothing;
        foreach (var item in events)
        {
            if (batch.TryAdd(item)) continue;
            sum = sum.Plus(await SendEventsAsync(batch, options, cancel).ConfigureAwait(false));
            batch.Clear();
            batch.TryAdd(item);
        }
        return batch.Count == 0 ? sum : sum.Plus(await SendEventsAsync(batch, options, cancel).ConfigureAwait(false));
    }

    /// <summary>Sends one batch as one request; the batch stays as it is.</summary>
    public async Task<EventsAnswer> SendEventsAsync(
        EventBatch batch, EventOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count == 0) return EventsAnswer.Nothing;
        var answer = await SendEventsAsync(batch.ToJson(), options, cancel).ConfigureAwait(false);
        if (answer.Accepted + answer.Duplicates + answer.Quarantined == batch.Count) return answer;
        throw new LifecycleException(
            $"The server's answer does not account for each of the {batch.Count} events that it was sent.");
    }

    /// <summary>Sends events that are JSON already: one, an array, or one a line.</summary>
    public Task<EventsAnswer> SendEventsAsync(
        ReadOnlyMemory<byte> json, EventOptions? options = null, CancellationToken cancel = default)
    {
        var path = new RequestPath("v1/events")
            .With("historical", options?.Historical == true ? "true" : null)
            .With("results", options?.Results switch
            {
                ResultsWanted.All => "all",
                ResultsWanted.None => "none",
                _ => null,
            });
        // Events carry ids, so that sending them again does no harm.
        return PostAsync(path.ToString(), json, repeatable: true, ClientJson.Wire.EventsAnswer, cancel);
    }
}
