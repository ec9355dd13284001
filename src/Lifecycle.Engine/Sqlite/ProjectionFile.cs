using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Engine.Sqlite;

/// <summary>Opens the projection's file, or puts an empty one in the place of one that cannot be used.</summary>
internal static class ProjectionFile
{
    // Reading a quarter of a gigabyte through takes about a second. A larger file is not checked at start: damage is
    // marked when it is met, and the next start makes the file anew.
    private const long CheckBytesMax = 256L << 20;

    /// <summary>The writing connection, to a file that belongs to this journal.</summary>
    /// <param name="wentBack">
    /// Told the watermark where the journal ends before it; answers the id that the journal has from then on.
    /// </param>
    public static SqliteSession Open(
        SqliteFile file, string journalId, long journalHead, ILogger logger, Func<long, string> wentBack)
    {
        // A log without its file would be played into the new one.
        if (!File.Exists(file.Path)) DeleteLogs(file.Path);
        if (!TryOpen(file, journalId, journalHead, out var session, out var unusable, out var ahead))
        {
            // Before the file is gone that shows it.
            if (ahead is { } watermark) journalId = wentBack(watermark);
            var aside = SetAside(file);
            EngineLog.ProjectionSetAside(logger, file.Path, unusable!, aside);
            session = file.OpenWriter();
        }

        session!.Execute("insert or replace into meta (key, value) values ('journal_id', $1)", journalId);
        return session;
    }

    private static bool TryOpen(
        SqliteFile file, string journalId, long journalHead, out SqliteSession? session, out string? unusable,
        out long? ahead)
    {
        (session, ahead) = (null, null);
        unusable = "damage was met while it was used";
        if (File.Exists(file.DamageMark)) return false;
        try
        {
            session = file.OpenWriter();
            unusable = Judge(session, file.Path, journalId);
            // The journal is synced before its entries are projected, so only a restored journal can be behind.
            if (unusable is null && SqliteProjection.ReadWatermark(session) is var watermark && watermark > journalHead)
            {
                ahead = watermark;
                unusable = $"it is at position {watermark}, past the journal's last, {journalHead}";
            }
        }
        catch (SqliteException e) when (SqliteErrors.IsDamage(e))
        {
            unusable = e.Message;
        }

        if (unusable is null) return true;
        session?.Dispose();
        session = null;
        return false;
    }

    private static string? Judge(SqliteSession session, string path, string journalId)
    {
        if (new FileInfo(path).Length <= CheckBytesMax &&
            session.ReadText("pragma quick_check(1)") is var found && found != "ok")
        {
            return found;
        }

        var madeFrom = session.ReadText("select value from meta where key = 'journal_id'");
        return madeFrom is not null && madeFrom != journalId ? "it was made from another journal" : null;
    }

    /// <summary>Keeps one such file, for whoever wants to find out why.</summary>
    private static string SetAside(SqliteFile file)
    {
        var aside = file.Path + ".unusable";
        File.Move(file.Path, aside, overwrite: true);
        DeleteLogs(file.Path);
        File.Delete(file.DamageMark);
        return aside;
    }

    private static void DeleteLogs(string path)
    {
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }
}
