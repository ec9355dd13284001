namespace Lifecycle.Client;

/// <summary>
/// How often the same request is sent again after the server was busy (429, 503), failed (other 5xx) or the connection
/// was lost. The defaults wait about 40 seconds in all: long enough for a server that is being restarted.
/// </summary>
public sealed record RetryPolicy
{
    /// <summary>Every request is sent once.</summary>
    public static readonly RetryPolicy None = new() { AttemptsMax = 1 };

    /// <summary>How often one request is sent at most, the first time included: 1 to 100. Default 10.</summary>
    public int AttemptsMax { get; init; } = 10;

    /// <summary>
    /// The same while no answer ever came to this client: a wrong address is not worth waiting for. Default 10.
    /// </summary>
    public int AttemptsUnansweredMax { get; init; } = 10;

    /// <summary>Before the second attempt; doubled for each further one. Default 0.2 s.</summary>
    public TimeSpan DelayFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No doubling beyond it. Default 10 s.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A server that asks for a longer pause is asked again after this one. Default 60 s.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The share of a pause that chance may take away: 0 to 1. Default 0.5.</summary>
    public double Jitter { get; init; } = 0.5;

    /// <summary>The pause after a failed attempt.</summary>
    /// <param name="attempt">1 for the first.</param>
    /// <param name="retryAfter">What the server asked for, if it did.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan DelayAfter(int attempt, TimeSpan? retryAfter, double chance)
    {
        if (retryAfter is { } asked) return asked < RetryAfterMax ? asked : RetryAfterMax;
        var doubled = DelayFirst * Math.Pow(2, Math.Min(attempt - 1, 30));
        return (doubled < DelayMax ? doubled : DelayMax) * (1 - (Jitter * chance));
    }

    internal void Validate()
    {
        if (AttemptsMax is < 1 or > 100) throw new ArgumentException($"{nameof(AttemptsMax)} must be from 1 to 100.");
        if (AttemptsUnansweredMax is < 1 or > 100)
            throw new ArgumentException($"{nameof(AttemptsUnansweredMax)} must be from 1 to 100.");
        if (DelayFirst < TimeSpan.Zero || DelayMax < TimeSpan.Zero || RetryAfterMax < TimeSpan.Zero)
            throw new ArgumentException("A pause before a retry must not be negative.");
        if (Jitter is not (>= 0 and <= 1)) throw new ArgumentException($"{nameof(Jitter)} must be from 0 to 1.");
    }
}
