using Lifecycle.Web.Problems;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Web.CloudEvents;

/// <summary>How a request carries CloudEvents, if it does (HTTP protocol binding 1.0, section 3).</summary>
internal enum CloudEventMode
{
    /// <summary>Events of our own.</summary>
    None,
    Structured,
    Batched,
    Binary,
}

internal static class CloudEventModes
{
    private const string BatchPrefix = "application/cloudevents-batch";
    private const string Prefix = "application/cloudevents";
    private const string JsonFormat = "+json";

    /// <exception cref="ProblemException">
    /// The events are in a format that is not JSON, or the request names two formats.
    /// </exception>
    public static CloudEventMode Of(HttpRequest request)
    {
        if (request.Headers.ContentType.Count > 1)
            throw ProblemException.Of(ProblemCodes.InvalidParameter, "Content-Type", "is sent twice");
        var type = request.ContentType ?? "";
        // The longer prefix first: it begins with the other.
        if (type.StartsWith(BatchPrefix, StringComparison.OrdinalIgnoreCase))
            return InJson(type[BatchPrefix.Length..], CloudEventMode.Batched);
        if (type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return InJson(type[Prefix.Length..], CloudEventMode.Structured);
        return request.Headers.Keys.Any(BinaryCloudEvent.IsAttribute) ? CloudEventMode.Binary : CloudEventMode.None;
    }

    private static CloudEventMode InJson(string format, CloudEventMode mode)
    {
        var end = format.IndexOf(';', StringComparison.Ordinal);
        var suffix = (end < 0 ? format : format[..end]).Trim();
        if (suffix.Equals(JsonFormat, StringComparison.OrdinalIgnoreCase)) return mode;
        throw new ProblemException(
            ProblemCodes.UnsupportedMediaType,
            $"CloudEvents are taken as {Prefix}{JsonFormat}, as {BatchPrefix}{JsonFormat}, or in binary mode.");
    }
}
