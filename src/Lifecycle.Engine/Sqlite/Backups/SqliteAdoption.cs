using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <summary>Makes a data folder that was put back by other means a history of its own.</summary>
public static class SqliteAdoption
{
    /// <summary>
    /// Verifies the journal, and only then writes to it: its schema is brought up to this code's, and it gets a new
    /// epoch. The projection is rebuilt by the next start.
    /// </summary>
    /// <param name="acceptViolations">Whether a journal that is not whole is adopted all the same.</param>
    /// <exception cref="StoreException">A process uses the folder, or there is no journal that can be used.</exception>
    public static async Task<AdoptionSummary> RunAsync(
        string folder, bool acceptViolations, IProgress<VerificationProgress>? progress, CancellationToken cancel)
    {
        var journal = SqliteFile.Journal(new SqliteOptions { Folder = folder });
        if (!File.Exists(journal.Path)) throw new StoreException($"There is no journal: no {journal.Path}.");
        using var held = FolderLock.TakeForNow(folder);
        try
        {
            var key = InstallationKeyFile.PathIn(folder) is var path && File.Exists(path) ? path : null;
            var (end, report) = journal.IsOlder()
                ? await VerifyUpgradedAsync(journal, folder, key, progress, cancel)
                : await VerifyAsync(folder, key, progress, cancel);
            var adopted = report.ViolationsFound == 0 || acceptViolations;
            return new(adopted, end, adopted ? Begin(journal) : default, key is not null, report);
        }
        catch (SqliteException e)
        {
            throw journal.Explain(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The folder {folder} cannot be read or written: {e.Message}", e);
        }
    }

    /// <summary>An older schema is upgraded in a copy, so that a journal that is refused stays what it was.</summary>
    private static async Task<(JournalEnd End, VerificationReport Report)> VerifyUpgradedAsync(
        SqliteFile journal, string folder, string? key, IProgress<VerificationProgress>? progress,
        CancellationToken cancel)
    {
        using var draft = DraftFolder.In(folder);
        var copy = draft.Journal;
        DurableFiles.Create(copy.Path);
        using (var source = journal.OpenAnyVersion())
            await Task.Run(() => DatabaseCopy.Run(source, journal.Path, copy.Path, null, cancel), cancel);
        copy.OpenWriter().Dispose();
        return await VerifyAsync(draft.Path, key, progress, cancel);
    }

    private static async Task<(JournalEnd End, VerificationReport Report)> VerifyAsync(
        string folder, string? key, IProgress<VerificationProgress>? progress, CancellationToken cancel)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(folder);
        if (key is not null)
            await InstallationKeyFile.CheckAsync(new(InstallationKeyFile.ReadBytes(key)), key, store, cancel);
        var report = await Verifier.VerifyAsync(store, progress, cancel, withProjection: false);
        using var session = SqliteFile.Journal(new SqliteOptions { Folder = folder }).OpenReader();
        return (JournalEnds.Read(session), report);
    }

    private static Hash16 Begin(SqliteFile journal)
    {
        using var session = journal.OpenWriter();
        session.Execute("begin immediate");
        var epoch = JournalHistory.Begin(session);
        session.Execute("commit");
        return epoch;
    }
}
