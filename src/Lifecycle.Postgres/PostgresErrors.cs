using System.Net.Sockets;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Npgsql;

namespace Lifecycle.Postgres;

/// <summary>What a failure of the server means, to the program and to an operator.</summary>
internal static class PostgresErrors
{
    private const string IdleInTransaction = "25P03";

    /// <summary>A failure of the environment, as against a bug or a cancelled call.</summary>
    public static bool IsFailure(Exception e) =>
        e is NpgsqlException or IOException or SocketException or TimeoutException;

    public static string? StateOf(Exception e) => (e as PostgresException)?.SqlState;

    /// <summary>A key that is stored already.</summary>
    public static bool IsUniqueViolation(Exception e) => StateOf(e) == PostgresErrorCodes.UniqueViolation;

    /// <summary>The rows themselves cannot be stored: a value, a rule of the tables, a limit of the server.</summary>
    public static bool IsOfRows(Exception e) => StateOf(e) is { } state
        && (Class(state) is "22" or "23" or "54") && state != PostgresErrorCodes.UniqueViolation;

    /// <summary>
    /// May pass by itself: the connection, a deadlock, a resource, a shutdown, a disk, a server that became a standby,
    /// a process that was stopped inside a transaction. Without a state the server did not answer at all.
    /// </summary>
    public static bool IsPassing(Exception e) => StateOf(e) is not { } state
        || Class(state) is "08" or "40" or "53" or "55" or "57" or "58"
        || state is PostgresErrorCodes.ReadOnlySqlTransaction or IdleInTransaction;

    public static string Describe(Exception e) => StateOf(e) ?? "no answer";

    public static StoreException Explain(Exception failure, string where)
    {
        var meaning = StateOf(failure) switch
        {
            null when failure.Message.Contains("pool has been exhausted", StringComparison.Ordinal) =>
                "all connections are in use. Raise ReadersMax, or find out what keeps the server from answering",
            null => "the server cannot be reached or did not answer. Check that it runs, the address and the network",
            PostgresSchema.NotOwnerState =>
                "another process has taken over the store, it was restored under this one, or this one is no member " +
                "of its cluster any more: it commits nothing more. Stop it",
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                "the user or the password is wrong. Check ConnectionString and the server's pg_hba.conf",
            PostgresErrorCodes.InvalidCatalogName =>
                "there is no such database. Make it with: create database … encoding 'UTF8' template template0",
            PostgresErrorCodes.InsufficientPrivilege =>
                "the user may not do this. It needs to own the schema, or the right to create one in the database",
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName
                or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction =>
                "a table is missing or was changed. Restore the schema from a backup, or start with an empty one",
            PostgresErrorCodes.DiskFull => "the server's disk is full. Free space",
            PostgresErrorCodes.OutOfMemory => "the server is out of memory",
            PostgresErrorCodes.TooManyConnections =>
                "the server takes no more connections. Raise max_connections or lower ReadersMax",
            PostgresErrorCodes.QueryCanceled =>
                "a statement took longer than StatementSecondsMax, or was cancelled by an administrator",
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                "the server is a standby or read-only. Name the primary in ConnectionString",
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
                or PostgresErrorCodes.CannotConnectNow => "the server is stopping or starting",
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
                "the server found damaged data. Stop, keep the data folder, and restore a backup",
            PostgresErrorCodes.IoError => "the server's disk failed to read or write. Check the disk",
            { } state when Class(state) == "23" => "a rule of its tables refused the row",
            _ => "PostgreSQL failed",
        };
        var cause = failure is PostgresException server
            ? $"{server.SqlState}: {server.MessageText}"
            : failure.InnerException?.Message ?? failure.Message;
        return new StoreException($"{where}: {meaning}. ({cause})", failure);
    }

    private static string Class(string state) => state.Length >= 2 ? state[..2] : state;
}
