namespace Lifecycle.Cluster;

/// <summary>What the cluster's part of a process logs. Event ids are for ever: 1401 to 1499.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(1401, LogLevel.Warning, "The snapshot of customer {Customer} could not be kept; its journal is there.")]
    public static partial void SnapshotNotKept(ILogger logger, string customer, Exception cause);

    [LoggerMessage(1402, LogLevel.Warning, "Share {Share} of the scheduler failed; it goes on with the next round.")]
    public static partial void ShareFailed(ILogger logger, long share, Exception cause);

    [LoggerMessage(
        1403, LogLevel.Critical,
        "The cluster goes on without this process: {Reason} It answers nothing more and ends with {ExitCode}. Start " +
        "it anew.")]
    public static partial void Ending(ILogger logger, string reason, int exitCode, Exception? cause);
}
