using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Lifecycle.Engine.Verification;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <param name="From">A backup, or a data folder.</param>
/// <param name="Folder">Where to; without anything in it but the key.</param>
/// <param name="Until">Only what was recorded by then.</param>
/// <param name="UntilPosition">Only entries up to this position.</param>
/// <param name="KeyFile">The key to put beside the journal; null to leave the folder's as it is.</param>
/// <param name="AcceptViolations">Whether a journal that is not whole is put there all the same.</param>
public sealed record RestoreRequest(
    string From, string Folder, Instant? Until = null, long? UntilPosition = null, string? KeyFile = null,
    bool AcceptViolations = false);

/// <param name="Restored">False when violations were found and not accepted: then nothing was put there.</param>
/// <param name="HasKey">Whether the folder has the key: without it no server starts.</param>
public sealed record RestoreSummary(
    bool Restored, JournalEnd End, JournalCut Cut, Hash16 Epoch, bool HasKey, VerificationReport Report);

/// <summary>How far a restore has come, in bytes copied and then in entries verified.</summary>
public sealed record RestoreProgress(IProgress<CopyProgress>? Copy, IProgress<VerificationProgress>? Verification);

/// <summary>
/// Puts a backup into an empty folder, as it was at its end or at an earlier point in time, as a history of its own.
/// </summary>
public static class SqliteRestore
{
    /// <summary>What may be there: the key, what a server left, what a file system has in its root.</summary>
    private static readonly string[] Allowed =
        ["installation.key", "lifecycle.lock", "lifecycle.pid", "lost+found"];

    /// <summary>Copies, cuts, verifies, and only then gives the journal its name.</summary>
    /// <exception cref="StoreException">The folder is as it was; the message says why and what to do.</exception>
    public static async Task<RestoreSummary> RunAsync(
        RestoreRequest request, TimeProvider time, RestoreProgress progress, CancellationToken cancel)
    {
        var from = Directory.Exists(request.From) ? Path.Combine(request.From, "journal.db") : request.From;
        if (!File.Exists(from)) throw new StoreException($"There is no backup: no {from}.");
        try
        {
            CheckEmpty(request.Folder);
            using var held = FolderLock.TakeForNow(request.Folder);
            // Whoever was faster may have put something there.
            CheckEmpty(request.Folder);
            using var draft = DraftFolder.In(request.Folder);
            return await RunAsync(request, from, draft, Instant.From(time.GetUtcNow()), progress, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The folder {request.Folder} cannot be read or written: {e.Message}", e);
        }
    }

    private static async Task<RestoreSummary> RunAsync(
        RestoreRequest request, string from, DraftFolder draft, Instant now, RestoreProgress progress,
        CancellationToken cancel)
    {
        var journal = draft.Journal;
        var cut = await Task.Run(() => CopyAndCut(request, from, journal, now, progress.Copy, cancel), cancel);
        VerificationReport report;
        byte[]? key;
        await using (var store = await SqliteStore.OpenReadOnlyAsync(draft.Path))
        {
            key = await CheckKeyAsync(request, store, cancel);
            report = await Verifier.VerifyAsync(store, progress.Verification, cancel);
        }

        var restored = report.ViolationsFound == 0 || request.AcceptViolations;
        var (end, epoch) = Finish(journal);
        var keyPath = InstallationKeyFile.PathIn(request.Folder);
        if (restored)
        {
            if (key is not null && !File.Exists(keyPath)) DurableFiles.Write(keyPath, key);
            DurableFiles.Publish(journal.Path, Path.Combine(request.Folder, "journal.db"), overwrite: false);
        }

        return new(restored, end, cut, epoch, File.Exists(keyPath), report);
    }

    private static JournalCut CopyAndCut(
        RestoreRequest request, string from, SqliteFile journal, Instant now, IProgress<CopyProgress>? progress,
        CancellationToken cancel)
    {
        try
        {
            DurableFiles.Create(journal.Path);
            using (var source = SqliteFile.JournalAt(from).OpenAnyVersion())
                DatabaseCopy.Run(source, from, journal.Path, progress, cancel);
            using var session = journal.OpenWriter();
            JournalEnds.Check(session, from);
            session.Execute("begin immediate");
            var cut = request switch
            {
                { Until: { } until } => JournalCut.To(session, until, now),
                { UntilPosition: { } position } => JournalCut.To(session, position, now),
                _ => JournalCut.None,
            };
            session.Execute("commit");
            return cut;
        }
        catch (SqliteException e)
        {
            throw DatabaseCopy.Explain(e, from, request.Folder);
        }
    }

    /// <summary>The key that will be in the folder, which has to be the journal's own; null for none.</summary>
    private static async Task<byte[]?> CheckKeyAsync(RestoreRequest request, IStore store, CancellationToken cancel)
    {
        var own = InstallationKeyFile.PathIn(request.Folder);
        var given = request.KeyFile is { } file ? InstallationKeyFile.ReadBytes(file) : null;
        var present = File.Exists(own) ? InstallationKeyFile.ReadBytes(own) : null;
        if (given is not null && present is not null && !given.AsSpan().SequenceEqual(present))
        {
            throw new StoreException(
                $"{own} is there and is another key than {request.KeyFile}. Take away the one that is wrong.");
        }

        if ((given ?? present) is not { } key) return null;
        await InstallationKeyFile.CheckAsync(new(key), request.KeyFile ?? own, store, cancel);
        return key;
    }

    /// <summary>All is in the one file when this returns.</summary>
    private static (JournalEnd End, Hash16 Epoch) Finish(SqliteFile journal)
    {
        try
        {
            using var session = journal.OpenWriter();
            session.Execute("begin immediate");
            var epoch = JournalHistory.Begin(session);
            session.Execute("commit");
            session.ReadNumber("pragma wal_checkpoint(truncate)");
            return (JournalEnds.Read(session), epoch);
        }
        catch (SqliteException e)
        {
            throw journal.Explain(e);
        }
    }

    private static void CheckEmpty(string folder)
    {
        if (File.Exists(folder)) throw new StoreException($"{folder} is a file and not a folder.");
        if (!Directory.Exists(folder)) return;
        var found = Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))
            .Where(name => !Allowed.Contains(name) && !name.StartsWith(DraftFolder.Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        if (found.Count == 0) return;
        throw new StoreException(
            $"The folder {folder} is not empty: there is {string.Join(", ", found.Take(3))}. A restore needs an " +
            "empty one, which may have installation.key in it; move what is there to another place first.");
    }
}
