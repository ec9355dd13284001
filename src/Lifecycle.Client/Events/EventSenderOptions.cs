namespace Lifecycle.Client;

/// <summary>How an <see cref="EventSender"/> buffers and sends.</summary>
public sealed record EventSenderOptions
{
    /// <summary>Events that wait in all; adding one more waits for room. 1 to 1,000,000. Default 10,000.</summary>
    public int EventsWaitingMax { get; init; } = 10_000;

    /// <summary>Requests in flight; a customer's events are always in the same lane. 1 to 64. Default 4.</summary>
    public int Lanes { get; init; } = 4;

    /// <summary>Events of one request. 1 to 5,000. Default 500.</summary>
    public int BatchEventsMax { get; init; } = EventBatch.EventsMaxDefault;

    /// <summary>Bytes of one request. 1 KiB to 16 MiB. Default 512 KiB.</summary>
    public int BatchBytesMax { get; init; } = EventBatch.BytesMaxDefault;

    /// <summary>How the events are sent.</summary>
    public EventOptions Events { get; init; } = new();

    /// <summary>Told after each request what was sent and what became of it; from several lanes at once.</summary>
    public Action<IReadOnlyList<CustomerEvent>, EventsAnswer>? Answered { get; init; }

    internal void Validate()
    {
        Check(EventsWaitingMax, 1_000_000, nameof(EventsWaitingMax));
        Check(Lanes, 64, nameof(Lanes));
        Check(BatchEventsMax, 5_000, nameof(BatchEventsMax));
        Check(BatchBytesMax, 1 << 24, nameof(BatchBytesMax), 1 << 10);
    }

    private static void Check(int value, int max, string name, int min = 1)
    {
        if (value < min || value > max)
            throw new ArgumentException($"{name} must be from {min} to {max}, not {value}.");
    }
}

/// <summary>What became of the events of a sender so far.</summary>
public readonly record struct EventSenderTotals(long Accepted, long Duplicates, long Quarantined)
{
    public long Answered => Accepted + Duplicates + Quarantined;
}
