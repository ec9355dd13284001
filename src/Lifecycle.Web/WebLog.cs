using Microsoft.Extensions.Logging;

namespace Lifecycle.Web;

/// <summary>Log events of the web: ids 3000 to 3999.</summary>
internal static partial class WebLog
{
    [LoggerMessage(3000, LogLevel.Error, "A request failed for a reason that nobody foresaw")]
    public static partial void Unhandled(ILogger logger, Exception fault);

    [LoggerMessage(3001, LogLevel.Warning, "{Requests} requests were not answered ({Code}), the last because: {Reason}")]
    public static partial void Unavailable(ILogger logger, long requests, string code, string reason);

    [LoggerMessage(3002, LogLevel.Error, "{Requests} requests were not answered: the store failed")]
    public static partial void StoreFailed(ILogger logger, long requests, Exception fault);

    [LoggerMessage(3003, LogLevel.Debug, "The client of {Path} left before its answer ({Fault})")]
    public static partial void ClientLeft(ILogger logger, string path, string fault);

    [LoggerMessage(3200, LogLevel.Information, "Two ids of a Segment message stay apart: {Code}")]
    public static partial void NotLinked(ILogger logger, string code);

    [LoggerMessage(3004, LogLevel.Warning, "The answer of {What} ended early: {Reason}")]
    public static partial void StreamEnded(ILogger logger, string what, string reason);

    [LoggerMessage(3005, LogLevel.Warning, "{Requests} requests were answered 429; the last one {Code}: {Detail}")]
    public static partial void Refused(ILogger logger, long requests, string code, string detail);

    [LoggerMessage(3006, LogLevel.Information, "Not ready any more; stops in {Seconds} s, and takes what comes until then")]
    public static partial void Draining(ILogger logger, double seconds);

    [LoggerMessage(3007, LogLevel.Warning, "{Variable} names no address that starts with http:// or https://: nothing is pushed there")]
    public static partial void NotPushed(ILogger logger, string variable);

    [LoggerMessage(3100, LogLevel.Information, "Made the API key {Id} with {Roles}")]
    public static partial void KeyMade(ILogger logger, string id, string roles);

    [LoggerMessage(3101, LogLevel.Information, "Revoked the API key {Id}")]
    public static partial void KeyRevoked(ILogger logger, string id);

    [LoggerMessage(3103, LogLevel.Warning, "The API keys could not be read again; those that were known stay")]
    public static partial void KeysUnread(ILogger logger, Exception cause);

    [LoggerMessage(3110, LogLevel.Information, "The key {Key} read the body of the quarantined event {Id}")]
    public static partial void QuarantinedBodyRead(ILogger logger, string key, long id);

    [LoggerMessage(3102, LogLevel.Information, "The key 'dev' has every role: Development, bound to loopback")]
    public static partial void DevKeyOpen(ILogger logger);
}
