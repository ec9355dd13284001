using Microsoft.Extensions.Logging;

namespace Lifecycle.Postgres;

/// <summary>Log events of the PostgreSQL store: ids 1200 to 1299.</summary>
internal static partial class PostgresLog
{
    [LoggerMessage(
        1200, LogLevel.Information,
        "Opened schema {Schema} of database {Database} at {Host}: {Entries} entries, projection up to {Watermark}")]
    public static partial void StoreOpened(
        ILogger logger, string schema, string database, string host, long entries, long watermark);

    [LoggerMessage(1201, LogLevel.Information, "Schema {Schema} goes from version {From} to {To}")]
    public static partial void Migrated(ILogger logger, string schema, int from, int to);

    [LoggerMessage(
        1210, LogLevel.Warning, "A batch was not written ({State}); attempt {Attempt} follows in {Delay} ms")]
    public static partial void AppendRetried(
        ILogger logger, string state, int attempt, double delay, Exception cause);

    [LoggerMessage(
        1211, LogLevel.Information, "Batch {Batch} had been written by the attempt whose answer was lost")]
    public static partial void AppendFound(ILogger logger, long batch);

    [LoggerMessage(
        1212, LogLevel.Error,
        "The rows of customer {Customer} cannot be stored ({State}): nothing of theirs was written")]
    public static partial void RowsRefused(ILogger logger, string customer, string state, Exception cause);

    [LoggerMessage(
        1220, LogLevel.Warning, "The connection that holds the store's lock was lost; taking the lock again")]
    public static partial void LockLost(ILogger logger, Exception? cause);

    [LoggerMessage(1221, LogLevel.Information, "The store's lock is held again")]
    public static partial void LockRegained(ILogger logger);

    [LoggerMessage(1222, LogLevel.Information, "Waiting for the store: {Holder}")]
    public static partial void WaitingForOwner(ILogger logger, string holder);

    [LoggerMessage(
        1223, LogLevel.Critical,
        "The private server ended by itself. Stop Lifecycle and start it again: it takes up the folder with everything "
        + "acknowledged. The server's log ends with:\n{Tail}")]
    public static partial void PrivateServerEnded(ILogger logger, string tail);

    [LoggerMessage(
        1230, LogLevel.Information,
        "Took over what writer {Writer} had not brought into the table, from {Position} on")]
    public static partial void WriterAdopted(ILogger logger, string writer, long position);
}
