namespace Lifecycle.Cli.Api;

/// <summary>
/// How often and how patiently the same request is sent again after the server was busy (429, 502, 503, 504) or the
/// connection was lost. The defaults wait 42 seconds in all: long enough for a server that is being restarted.
/// </summary>
/// <param name="Wait">Passes the time.</param>
internal sealed record RetryPolicy(Func<TimeSpan, CancellationToken, Task> Wait)
{
    /// <summary>How often one request is sent at most, the first time included.</summary>
    public int AttemptsMax { get; init; } = 10;

    /// <summary>Before the second attempt; doubled for each further one.</summary>
    public TimeSpan DelayFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No doubling beyond it.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A server that asks for a longer pause is asked again after this one.</summary>
    public TimeSpan RetryAfterMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause after a failed attempt.</summary>
    /// <param name="attempt">1 for the first.</param>
    /// <param name="retryAfter">What the server asked for, if it did.</param>
    public TimeSpan DelayAfter(int attempt, TimeSpan? retryAfter)
    {
        if (retryAfter is { } asked) return asked < RetryAfterMax ? asked : RetryAfterMax;
        var doubled = DelayFirst * Math.Pow(2, attempt - 1);
        return doubled < DelayMax ? doubled : DelayMax;
    }
}
