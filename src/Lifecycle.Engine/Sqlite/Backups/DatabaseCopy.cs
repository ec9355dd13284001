using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <summary>How far a copy has come.</summary>
public readonly record struct CopyProgress(long Bytes, long BytesInAll);

/// <summary>
/// A database as it is at one instant, copied page by page with SQLite's online backup while others write to it.
/// </summary>
internal static class DatabaseCopy
{
    // Eight megabytes between two looks at the caller's wish to stop.
    private const int PagesAtOnce = 2_048;

    private const string Main = "main";

    /// <param name="source">A connection to what is copied.</param>
    /// <param name="target">An empty file.</param>
    /// <exception cref="StoreException">The one could not be read or the other not be written.</exception>
    public static void Run(
        SqliteSession source, string sourcePath, string target, IProgress<CopyProgress>? progress,
        CancellationToken cancel)
    {
        try
        {
            // One snapshot to the end: of several, each commit in between would make the copy begin anew.
            source.Execute("begin");
            source.ReadNumber("select count(*) from sqlite_schema");
            var page = source.ReadNumber("pragma page_size") ?? 0;
            using (var copy = new SqliteSession(target, SqliteOpenMode.ReadWrite, busySecondsMax: 5))
                Copy(source, copy, page, progress, cancel);
            // A file of its own, without a log beside it.
            using var whole = new SqliteSession(target, SqliteOpenMode.ReadWrite, busySecondsMax: 5);
            whole.ReadText("pragma journal_mode = delete");
            source.Execute("rollback");
        }
        catch (SqliteException e)
        {
            throw Explain(e, sourcePath, target);
        }
    }

    /// <summary>What a failure means to who makes or reads a copy.</summary>
    public static StoreException Explain(SqliteException failure, string source, string target)
    {
        var meaning = failure.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => $"{target}: there is no space left on its disk. Free space, or name another place",
            raw.SQLITE_READONLY or raw.SQLITE_PERM => $"{target} may not be written. Check its permissions",
            raw.SQLITE_CORRUPT => $"{source} is damaged. Keep the file, and take an earlier backup",
            raw.SQLITE_NOTADB => $"{source} is no database of SQLite",
            raw.SQLITE_CANTOPEN => $"{source} cannot be opened. Check its permissions and those of its folder",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"{source} is locked by another program. Try again",
            raw.SQLITE_IOERR => $"the disk of {source} or {target} failed. Check both and the system's log",
            _ => $"{source} could not be copied to {target}",
        };
        return new StoreException(
            $"{meaning}. (SQLite {failure.SqliteErrorCode}/{failure.SqliteExtendedErrorCode}: {failure.Message})",
            failure);
    }

    private static void Copy(
        SqliteSession source, SqliteSession target, long page, IProgress<CopyProgress>? progress,
        CancellationToken cancel)
    {
        using var backup = raw.sqlite3_backup_init(target.Handle, Main, source.Handle, Main);
        if (backup.IsInvalid) SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(target.Handle), target.Handle);
        int result;
        do
        {
            cancel.ThrowIfCancellationRequested();
            result = raw.sqlite3_backup_step(backup, PagesAtOnce);
            var all = raw.sqlite3_backup_pagecount(backup) * page;
            progress?.Report(new(all - raw.sqlite3_backup_remaining(backup) * page, all));
        }
        while (result == raw.SQLITE_OK);

        // The step's own result: that of the end is the same, and the handle keeps no message of it.
        if (result != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(result, target.Handle);
    }
}
