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

/// <summary>Where activations come from. Stored names.</summary>
public static class ActivationOrigins
{
    /// <summary>The document that the configuration names, at a start.</summary>
    public const string Start = "start";

    /// <summary>Somebody with a key.</summary>
    public const string Api = "api";
}
