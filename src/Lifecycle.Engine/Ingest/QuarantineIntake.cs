using System.Text;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Ingest;

/// <summary>An event on its way to quarantine.</summary>
/// <param name="Source">The channel; empty when it could not be read.</param>
/// <param name="Reason">A name of <see cref="QuarantineReasons"/>, or of the decider.</param>
/// <param name="Detail">For a person.</param>
/// <param name="Body">The event as it was sent.</param>
public sealed record RejectedEvent(string Source, string Reason, string Detail, ReadOnlyMemory<byte> Body)
{
    /// <summary>It came to be decided at its own time.</summary>
    public bool Historical { get; init; }

    /// <summary>How the body is to be read: a name of <see cref="EventFormats"/>.</summary>
    public string Format { get; init; } = EventFormats.Event;
}

/// <summary>
/// Puts events into quarantine: sealed, for they may hold personal data, and durable when it returns.
/// </summary>
public sealed class QuarantineIntake(IStore store, InstallationSecret secret, TimeProvider time)
{
    private readonly CustomerSealer _sealer = new(secret);

    /// <exception cref="StoreException">They may be kept or not; sending them again does no harm.</exception>
    public Task KeepAsync(IReadOnlyList<RejectedEvent> events, CancellationToken cancel)
    {
        if (events.Count == 0) return Task.CompletedTask;
        var now = Instant.From(time.GetUtcNow());
        return store.Quarantine.AddAsync([.. events.Select(e => ToItem(e, now))], cancel);
    }

    /// <summary>The event as it was sent; null when this installation's secret does not open it.</summary>
    public byte[]? Open(QuarantinedItem item)
    {
        try
        {
            return _sealer.UnsealQuarantined(item.Key, item.Body.Span);
        }
        catch (UnsealException)
        {
            return null;
        }
    }

    private QuarantinedItem ToItem(RejectedEvent rejected, Instant now)
    {
        var key = KeyOf(rejected);
        var body = _sealer.SealQuarantined(key, rejected.Body.Span);
        return new(key, rejected.Source, rejected.Reason, rejected.Detail, body, now)
        {
            Historical = rejected.Historical,
            Format = rejected.Format,
        };
    }

    private Hash16 KeyOf(RejectedEvent rejected)
    {
        // A zero byte ends each name: neither can hold one, so no two cases give the same bytes.
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"{rejected.Source}\0{rejected.Reason}\0"), .. rejected.Body.Span];
        return secret.BodyHashOf(bytes);
    }
}
