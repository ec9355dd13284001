using System.Net;

namespace Lifecycle.Client;

/// <summary>
/// A call that did not succeed, after all its attempts: the server's problem (RFC 9457), or no answer at all.
/// </summary>
public sealed class LifecycleException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The last answer's status; null when none came.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>
    /// The problem's stable type, such as <c>/problems/insufficient_points</c>; empty when it has none.
    /// </summary>
    public string Type { get; init; } = "";

    /// <summary>The last part of <see cref="Type"/>, such as <c>insufficient_points</c>.</summary>
    public string Code => Type[(Type.LastIndexOf('/') + 1)..];

    /// <summary>The problem's title; empty when it has none.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the server says to a person; empty when it says nothing.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What is wrong, by field: a JSON pointer, or the name of a parameter or header.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>The customer's version, where the problem is about one.</summary>
    public long? Version { get; init; }

    /// <summary>The pause that the server asked for.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How often the request was sent.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The command was understood and may not be done, such as for want of points.</summary>
    public bool IsRefusal => Status == HttpStatusCode.UnprocessableEntity;

    /// <summary>The customer has changed since the version that <c>IfMatch</c> named.</summary>
    public bool IsStale => Status == HttpStatusCode.PreconditionFailed;
}
