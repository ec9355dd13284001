using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine;

/// <summary>Log events of programs and their sweep: ids 1060 to 1079.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1060, LogLevel.Information, "Activation {Id}: program version {Version} rules from {EffectiveAt}")]
    public static partial void ActivationScheduled(ILogger logger, long id, int version, string effectiveAt);

    [LoggerMessage(1061, LogLevel.Information, "Activation {Id} of program version {Version} is withdrawn")]
    public static partial void ActivationWithdrawn(ILogger logger, long id, int version);

    [LoggerMessage(
        1062, LogLevel.Error,
        "It is not known whether a change of the programs was stored; nothing is decided from {From} on until the " +
        "list is read")]
    public static partial void ProgramsUnconfirmed(ILogger logger, string from, Exception cause);

    [LoggerMessage(1063, LogLevel.Warning, "The programs could not be read; they are read again soon")]
    public static partial void ProgramsUnread(ILogger logger, Exception cause);

    [LoggerMessage(
        1064, LogLevel.Information,
        "The sweep after a change of the programs looked at {Done} customers and moved {Moved}")]
    public static partial void SweepFinished(ILogger logger, long done, long moved);

    [LoggerMessage(1065, LogLevel.Warning, "The sweep after a change of the programs failed; it goes on soon")]
    public static partial void SweepFailed(ILogger logger, Exception cause);
}
