namespace Lifecycle.Client;

/// <summary>What a command may carry besides its body.</summary>
public sealed record CommandOptions
{
    /// <summary>
    /// 1 to 128 printable characters: the same key and body give the first receipt, for ever. Default: one made for
    /// this call, which every repetition inside it carries.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>
    /// The entity tag of the answer that the command builds on; a customer that has changed since is
    /// <see cref="LifecycleException.IsStale"/>.
    /// </summary>
    public string? IfMatch { get; init; }
}

/// <summary>A look into the past.</summary>
/// <param name="AsOf">Only what had occurred by then; now when null.</param>
/// <param name="KnownAt">Only what had been recorded by then; now when null.</param>
public sealed record PointInTime(DateTimeOffset? AsOf = null, DateTimeOffset? KnownAt = null);
