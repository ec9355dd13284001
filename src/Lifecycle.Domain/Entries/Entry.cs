using System.Collections.Immutable;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;

namespace Lifecycle.Domain.Entries;

/// <summary>
/// One journaled fact: the input, the instant it was decided for, its effects and what the receipt said.
/// </summary>
public sealed record Entry
{
    /// <summary>The customer's own order: 1, 2, 3…</summary>
    public required long Seq { get; init; }

    /// <summary>Redelivery of the same input has the same key; null for ticks.</summary>
    public required Hash16? EventKey { get; init; }

    /// <summary>When it happened, as claimed.</summary>
    public required Instant OccurredAt { get; init; }

    /// <summary>When we took it in; never runs backwards within a customer.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The instant it was decided for; never runs backwards within a customer.</summary>
    public required Instant At { get; init; }

    /// <summary>Decided at its own time during a back-fill.</summary>
    public required bool Historical { get; init; }

    /// <summary>The version of the program it was decided under.</summary>
    public required int ProgramVersion { get; init; }

    /// <summary>A hash of the input's body: the same id with another body is a mistake of the sender.</summary>
    public required Hash16 BodyHash { get; init; }

    /// <summary>The input. Its private part is empty unless it was unsealed for this read.</summary>
    public required Input Input { get; init; }

    /// <summary>The key of the alias that the input named; null when it named the customer's own id.</summary>
    public Hash16? Addressed { get; init; }

    public required ImmutableArray<Effect> Effects { get; init; }

    public required After After { get; init; }
}

/// <summary>What the receipt of an entry says beside its effects.</summary>
/// <param name="Available">Points that can be spent; below zero when points were reversed that had been spent.</param>
/// <param name="Pending">Points that have not matured.</param>
/// <param name="Held">Points under a hold.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="NextChangeAt">
/// When the next lot matures or expires or the stage changes, if nothing comes in before.
/// </param>
public sealed record After(long Available, long Pending, long Held, string Stage, Instant NextChangeAt);

/// <summary>What the fold reads of an entry: nothing of its input, which is most of what is stored.</summary>
/// <param name="IsTick">Time alone made it.</param>
public readonly record struct EntryFold(
    long Seq, Instant At, Instant OccurredAt, bool IsTick, ImmutableArray<Effect> Effects, Instant NextChangeAt)
{
    public static EntryFold Of(Entry entry) => new(
        entry.Seq, entry.At, entry.OccurredAt, entry.Input is Input.Tick, entry.Effects, entry.After.NextChangeAt);
}

/// <summary>What the journal adds to a decision.</summary>
/// <param name="RecordedAt">When it was taken in.</param>
/// <param name="EventKey">Redelivery of the same input has the same; null for ticks.</param>
/// <param name="BodyHash">Of the input's body.</param>
/// <param name="Historical">Decided at its own time.</param>
/// <param name="Addressed">The key of the alias that the input named.</param>
public readonly record struct Recording(
    Instant RecordedAt, Hash16? EventKey = null, Hash16 BodyHash = default, bool Historical = false,
    Hash16? Addressed = null);
