namespace Lifecycle.Client.Transport;

/// <summary>One request, as often as it has to be sent.</summary>
/// <param name="Path">Without a slash before it.</param>
internal sealed record Call(HttpMethod Method, string Path)
{
    public ReadOnlyMemory<byte>? Body { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? IfMatch { get; init; }

    public string? IfNoneMatch { get; init; }

    /// <summary>
    /// Sending it twice does what sending it once does. What is not repeatable is sent again only when it surely was
    /// not taken.
    /// </summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>It may take minutes: only the caller ends it.</summary>
    public bool IsUnlimited { get; init; }

    /// <summary>How long the server was asked to wait: added to the limits.</summary>
    public TimeSpan Waits { get; init; }

    /// <summary>Done with the headers: its body is read as it comes.</summary>
    public bool IsStream { get; init; }

    /// <summary>Its caller wants to know now.</summary>
    public bool IsOneAttempt { get; init; }

    /// <summary>Every status is an answer.</summary>
    public bool IsAnyStatus { get; init; }
}

/// <summary>A success, or 304.</summary>
internal sealed record Reply(byte[] Body, string ETag, bool IsReplayed, bool IsNotModified);
