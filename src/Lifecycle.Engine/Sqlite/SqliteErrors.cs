using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lifecycle.Engine.Sqlite;

/// <summary>SQLite's result codes in an operator's words.</summary>
internal static class SqliteErrors
{
    public static bool IsDamage(SqliteException failure) =>
        failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    public static bool IsConstraint(SqliteException failure) => failure.SqliteErrorCode is raw.SQLITE_CONSTRAINT;

    public static StoreException Explain(SqliteException failure, SqliteFile file)
    {
        var meaning = failure.SqliteErrorCode switch
        {
            raw.SQLITE_FULL =>
                "there is no space left on its disk, or it has reached JournalBytesMax. Free space or raise the limit",
            raw.SQLITE_IOERR => "the disk failed to read or write it. Check the disk and the system's log",
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
                "it may not be written. Check the permissions of the folder and whether the disk is mounted read-only",
            raw.SQLITE_CANTOPEN =>
                "it cannot be opened. Check that the folder exists, its permissions, and the limit of open files",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
                "another program holds a lock on it (a backup or an SQL shell in a transaction?). It was waited for",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB when file.Rebuildable =>
                "it is damaged. Restart: the file is moved aside and rebuilt from the journal",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
                "the journal is damaged. Stop the server, keep the file, and restore the folder from a backup",
            raw.SQLITE_NOMEM => "there is not enough memory",
            raw.SQLITE_TOOBIG => "a value is larger than SQLite can store",
            raw.SQLITE_CONSTRAINT => "a rule of its tables refused the row",
            raw.SQLITE_PROTOCOL => "its locks do not work. Put the data folder on a local disk",
            _ => "SQLite failed",
        };
        return new StoreException(
            $"{file.Path}: {meaning}. (SQLite {failure.SqliteErrorCode}/{failure.SqliteExtendedErrorCode}: " +
            $"{failure.Message})", failure);
    }

    /// <summary>After these a page that was reported as not written may look written in the system's cache.</summary>
    public static bool IsDisk(SqliteException failure) => failure.SqliteErrorCode is raw.SQLITE_IOERR;
}
