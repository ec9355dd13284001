using Lifecycle.Domain.Time;

namespace Lifecycle.Engine.Store;

/// <summary>A program document as it was given; it never changes.</summary>
/// <param name="Version">1, 2, 3…</param>
/// <param name="Document">The YAML.</param>
/// <param name="StoredAt">When it was taken in.</param>
public sealed record StoredProgram(int Version, string Document, Instant StoredAt);

/// <summary>That a version rules from an instant on, until the next activation.</summary>
/// <param name="Id">1, 2, 3… in the order in which they were scheduled.</param>
/// <param name="EffectiveAt">Inputs decided for this instant or later are under it.</param>
/// <param name="ScheduledAt">When somebody asked for it.</param>
/// <param name="Origin">Who asked: a name of <see cref="ActivationOrigins"/>.</param>
/// <param name="WithdrawnAt">When it was taken back, before it took effect; null when it stands.</param>
public sealed record StoredActivation(
    long Id, int Version, Instant EffectiveAt, Instant ScheduledAt, string Origin, Instant? WithdrawnAt);

/// <summary>What is known of the activations.</summary>
/// <param name="All">In the order in which they were scheduled, withdrawn ones too.</param>
/// <param name="Versions">How many programs are stored.</param>
/// <param name="Clock">
/// The clock of a store that is shared, at an instant at which nobody was changing the list: whatever changes it later
/// takes effect at least <see cref="Delay"/> after this. Null where this process alone changes it.
/// </param>
public sealed record ActivationList(IReadOnlyList<StoredActivation> All, int Versions, Instant? Clock)
{
    /// <summary>A change takes effect at least this much later, so that every process knows it by then.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);
}

/// <summary>Where activations come from. Stored names.</summary>
public static class ActivationOrigins
{
    /// <summary>The document that the configuration names, at a start.</summary>
    public const string Start = "start";

    /// <summary>Somebody with a key.</summary>
    public const string Api = "api";
}
