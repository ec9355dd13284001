namespace Lifecycle.Client;

/// <summary>How a client reaches its server, and how patient it is.</summary>
public sealed record LifecycleClientOptions
{
    /// <summary>The server's address, such as <c>http://localhost:5080</c>; a path before <c>/v1</c> is kept.</summary>
    public required Uri Url { get; init; }

    /// <summary>The API key.</summary>
    public required string Key { get; init; }

    /// <summary>How often and how patiently the same request is sent again.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>For one call with all its attempts and pauses. Default 100 s; infinite is taken too.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>For one attempt: an answer that never comes is asked for again. Default 30 s.</summary>
    public TimeSpan AttemptLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Passes the pauses and limits.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Sends the requests; left open when the client is disposed. Default: a pool of the client's own.
    /// </summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Scatters the pauses, so that many clients do not come back at once.</summary>
    public Random Random { get; init; } = new();

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Url);
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
            throw new ArgumentException($"{nameof(Url)} must be an address like http://localhost:5080, not '{Url}'.");
        if (string.IsNullOrEmpty(Key) || Key.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ArgumentException($"{nameof(Key)} must be an API key: letters, digits and signs without spaces.");
        foreach (var (name, limit) in new[] { (nameof(TimeLimit), TimeLimit), (nameof(AttemptLimit), AttemptLimit) })
        {
            if (limit <= TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan)
                throw new ArgumentException($"{name} must be longer than nothing, or infinite.");
        }
        Retry.Validate();
    }
}
