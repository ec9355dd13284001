namespace Lifecycle.Cluster;

/// <summary>What the cluster's part of a process logs. Event ids are for ever: 1401 to 1499.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(1401, LogLevel.Warning, "The snapshot of customer {Customer} could not be kept; its journal is there.")]
    public static partial void SnapshotNotKept(ILogger logger, string customer, Exception cause);

    [LoggerMessage(1402, LogLevel.Warning, "Share {Share} of the scheduler failed; it goes on with the next round.")]
    public static partial void ShareFailed(ILogger logger, long share, Exception cause);
}
