using System.Security.Cryptography;
using Lifecycle.Domain.Entries;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <summary>Makes a journal that was put back a history of its own.</summary>
internal static class JournalHistory
{
    /// <summary>
    /// Positions mean other entries from here on: older cursors and entity tags name the epoch of before, and the
    /// projection the id of before. Inside the caller's transaction.
    /// </summary>
    public static Hash16 Begin(SqliteSession session)
    {
        var epoch = Hash16.Read(RandomNumberGenerator.GetBytes(Hash16.Size));
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Hash16.Size));
        session.Execute(
            "insert or replace into meta (key, value) values ('epoch', $1), ('journal_id', $2)", epoch, id);
        // A token that a process of before still has must not come to hold again.
        session.Execute("delete from meta where key in ('owner', 'owner_pid', 'owned_since')");
        session.Execute(
            "delete from meta where key in ($1, $2)", SqliteBackup.MadeAtKey, SqliteBackup.EndKey);
        return epoch;
    }
}
