using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>
/// Inputs that could not be understood, kept with the reason. An item is never removed: it waits until it is resolved,
/// and once resolved it stays so.
/// </summary>
public interface IQuarantine
{
    /// <summary>
    /// Keeps the items durably. An item whose key is there already (the same body from the same source for the same
    /// reason) is counted on the first one, also when that is resolved.
    /// </summary>
    Task AddAsync(IReadOnlyList<QuarantinedItem> items, CancellationToken cancel);

    /// <summary>How much the filter names, in all, by source and reason, and by day.</summary>
    /// <param name="rowsMax">Rows of each list: those that came most often, and the latest days.</param>
    Task<QuarantineSums> SumAsync(QuarantineFilter filter, int rowsMax, CancellationToken cancel);

    /// <summary>Items with an id above <paramref name="afterId"/>, oldest first.</summary>
    Task<IReadOnlyList<QuarantinedItem>> ReadAsync(
        QuarantineFilter filter, long afterId, int limit, CancellationToken cancel);

    /// <summary>Null for an id that there is not.</summary>
    Task<QuarantinedItem?> FindAsync(long id, CancellationToken cancel);

    /// <summary>
    /// One transaction: resolves those of the items that still wait, and writes down why others failed again. Answers
    /// how many it resolved; an item that was resolved before stays as it was.
    /// </summary>
    Task<int> SettleAsync(
        IReadOnlyList<long> resolved, QuarantineResolution resolution, IReadOnlyList<QuarantineFailure> failed,
        CancellationToken cancel);
}

/// <param name="Key">Hash of source, reason and body as they first came; the sealed body opens beside it only.</param>
/// <param name="Source">The channel; empty when it could not be read.</param>
/// <param name="Reason">A stable code: why it cannot be taken, as of the last attempt.</param>
/// <param name="Detail">For a person: what is wrong and what to do.</param>
/// <param name="Body">
/// The event as it was sent, sealed under the installation secret: it may hold personal data.
/// </param>
public sealed record QuarantinedItem(
    Hash16 Key, string Source, string Reason, string Detail, ReadOnlyMemory<byte> Body, Instant ReceivedAt)
{
    /// <summary>Given by the store.</summary>
    public long Id { get; init; }

    /// <summary>How often it came.</summary>
    public long Times { get; init; } = 1;

    /// <summary>It came to be decided at its own time; so it is when it is replayed.</summary>
    public bool Historical { get; init; }

    /// <summary>How the body is to be read: a name of <see cref="Ingest.EventFormats"/>.</summary>
    public string Format { get; init; } = Ingest.EventFormats.Event;

    /// <summary>Null while it waits.</summary>
    public QuarantineResolution? Resolution { get; init; }
}

/// <summary>What became of an item.</summary>
/// <param name="How">A name of <see cref="QuarantineResolutions"/>.</param>
/// <param name="By">The public id of the API key that asked for it.</param>
/// <param name="Reason">Why it was discarded.</param>
public sealed record QuarantineResolution(
    string How, Instant At, string By, string? Reason = null, string? Note = null);

/// <summary>How an item was resolved. Stored names.</summary>
public static class QuarantineResolutions
{
    /// <summary>The event was taken, now or before.</summary>
    public const string Replayed = "replayed";

    /// <summary>A person decided that it will not be taken.</summary>
    public const string Discarded = "discarded";
}

/// <summary>An item was replayed and could not be taken again.</summary>
public sealed record QuarantineFailure(long Id, string Reason, string Detail);

/// <summary>Which items are meant; null does not narrow.</summary>
/// <param name="Day">The first instant of the day (UTC) on which they came.</param>
/// <param name="Waits">True for those that wait, false for those that are resolved.</param>
public sealed record QuarantineFilter(string? Source, string? Reason, Instant? Day, bool? Waits)
{
    public static readonly QuarantineFilter Waiting = new(null, null, null, true);

    public static readonly QuarantineFilter All = new(null, null, null, null);
}

/// <param name="Items">Different bodies.</param>
/// <param name="Times">How often they came in all.</param>
public sealed record QuarantineSums(
    long Items, long Times, IReadOnlyList<QuarantineCount> Counts, IReadOnlyList<QuarantineDay> Days);

public sealed record QuarantineCount(string Source, string Reason, long Items, long Times);

/// <param name="Day">The first instant of the day (UTC) on which they came.</param>
public sealed record QuarantineDay(Instant Day, long Items, long Times);
