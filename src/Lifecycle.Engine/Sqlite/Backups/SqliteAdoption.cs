using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <summary>Makes a data folder that was put back by other means a history of its own.</summary>
public static class SqliteAdoption
{
    /// <summary>Verifies the journal, then gives it a new epoch; the projection is rebuilt by the next start.</summary>
    /// <param name="acceptViolations">Whether a journal that is not whole is adopted all the same.</param>
    /// <exception cref="StoreException">A process uses the folder, or there is no journal that can be used.</exception>
    public static async Task<AdoptionSummary> RunAsync(
        string folder, bool acceptViolations, IProgress<VerificationProgress>? progress, CancellationToken cancel)
    {
        var journal = SqliteFile.Journal(new SqliteOptions { Folder = folder });
        if (!File.Exists(journal.Path)) throw new StoreException($"There is no journal: no {journal.Path}.");
        using var held = FolderLock.Take(folder);
        try
        {
            // An older schema is brought up to this code's, and what a log holds into the file.
            journal.OpenWriter().Dispose();
            VerificationReport report;
            await using (var store = await SqliteStore.OpenReadOnlyAsync(folder))
            {
                if (InstallationKeyFile.PathIn(folder) is var path && File.Exists(path))
                    await InstallationKeyFile.CheckAsync(InstallationKeyFile.Read(folder), path, store, cancel);
                report = await Verifier.VerifyAsync(store, progress, cancel, withProjection: false);
            }

            var adopted = report.ViolationsFound == 0 || acceptViolations;
            var hasKey = File.Exists(InstallationKeyFile.PathIn(folder));
            using var session = journal.OpenWriter();
            return new(adopted, JournalEnds.Read(session), adopted ? Begin(session) : default, hasKey, report);
        }
        catch (SqliteException e)
        {
            throw journal.Explain(e);
        }
    }

    private static Hash16 Begin(SqliteSession session)
    {
        session.Execute("begin immediate");
        var epoch = JournalHistory.Begin(session);
        session.Execute("commit");
        return epoch;
    }
}
