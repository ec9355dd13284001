using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine;

/// <summary>Log events of the actors and the host: ids 1000 to 1099.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(1000, LogLevel.Warning, "A batch of {Submissions} submissions was not written; their inputs are decided anew")]
    public static partial void AppendFailed(ILogger logger, int submissions, Exception cause);

    [LoggerMessage(1001, LogLevel.Error, "The journal writer met an error of its own; its batch was not acknowledged")]
    public static partial void WriterFailed(ILogger logger, Exception cause);

    [LoggerMessage(1002, LogLevel.Information, "Customer {Customer} was written by another activation, or an input came twice; deciding anew")]
    public static partial void ActivationPoisoned(ILogger logger, string customer);

    [LoggerMessage(1003, LogLevel.Warning, "Customer {Customer} could not be brought back after a failed batch")]
    public static partial void RecoveryFailed(ILogger logger, string customer, Exception cause);

    [LoggerMessage(1004, LogLevel.Error, "Customer {Customer} is isolated: its journal cannot be folded")]
    public static partial void CustomerIsolated(ILogger logger, string customer, Exception cause);

    [LoggerMessage(1005, LogLevel.Warning, "The projection could not be written; its rows wait")]
    public static partial void ProjectionFailed(ILogger logger, Exception cause);

    [LoggerMessage(1006, LogLevel.Information, "The projection caught up from position {From} to {To}: {Customers} customers")]
    public static partial void ProjectionCaughtUp(ILogger logger, long from, long to, int customers);

    [LoggerMessage(1007, LogLevel.Warning, "The scheduler could not tick customer {Customer}")]
    public static partial void TickFailed(ILogger logger, string customer, Exception cause);

    [LoggerMessage(1008, LogLevel.Error, "The clock moved by {Jump} against the monotonic clock; nothing is decided until an operator confirms it")]
    public static partial void ClockJumped(ILogger logger, TimeSpan jump);

    [LoggerMessage(1009, LogLevel.Error, "Contact with the journal's lock was lost; this process answers nothing more until it is regained")]
    public static partial void LeaseLost(ILogger logger, Exception? cause);

    [LoggerMessage(1010, LogLevel.Information, "Program '{Name}' version {Version} rules from {EffectiveAt}")]
    public static partial void ProgramLoaded(ILogger logger, string name, int version, string effectiveAt);

    [LoggerMessage(1012, LogLevel.Error, "A task of the engine met an error of its own and begins again")]
    public static partial void BackgroundFailed(ILogger logger, Exception cause);

    [LoggerMessage(1011, LogLevel.Warning, "The scheduler could not read who is due")]
    public static partial void ScheduleFailed(ILogger logger, Exception cause);

    [LoggerMessage(1013, LogLevel.Error, "The clock is {Skew} from the database's; nothing is decided until both agree")]
    public static partial void ClockSkewed(ILogger logger, TimeSpan skew);

    [LoggerMessage(1014, LogLevel.Error, "The journal cannot be written, and the process is not ready until it can: {Reason}")]
    public static partial void JournalUnwritable(ILogger logger, string reason, Exception cause);

    [LoggerMessage(1015, LogLevel.Warning, "The journal can be written again")]
    public static partial void JournalWritable(ILogger logger);
}
