using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <summary>Reads where a journal ends.</summary>
internal static class JournalEnds
{
    public static JournalEnd Read(SqliteSession session) => new(
        SqliteJournal.ReadHead(session),
        session.ReadNumber("select count(*) from journal where seq = 1") ?? 0,
        session.ReadNumber("select max(recorded_at) from journal") is { } micros
            ? new(micros)
            : null);

    /// <summary>That the file is whole and lacks no position, a backup also none at its end.</summary>
    /// <exception cref="StoreException">It is damaged.</exception>
    public static JournalEnd Check(SqliteSession session, string path)
    {
        // Each index with its table too: by that of the keys an input that comes again is recognized.
        if (session.ReadText("pragma integrity_check(1)") is var found && found != "ok")
            throw new StoreException($"{path} is damaged ({found}). Keep the file, and take an earlier backup.");
        var end = Read(session);
        var entries = session.ReadNumber("select count(*) from journal");
        if (entries != end.Position)
        {
            throw new StoreException(
                $"{path} is damaged: it has {entries} entries, and the last one's position is {end.Position}.");
        }

        if (SqliteBackup.ReadEnd(session) is not { } made || made == end.Position) return end;
        throw new StoreException(
            $"{path} is damaged: it has {entries} entries, and {made} were backed up. Keep the file, and take another " +
            "backup.");
    }
}
