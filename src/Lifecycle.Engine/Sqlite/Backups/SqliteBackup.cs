using System.Globalization;
using System.Security.Cryptography;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <param name="Folder">The data folder; a server may be writing there.</param>
/// <param name="Target">A file, or a folder in which the backup gets a name with its time.</param>
/// <param name="Overwrite">Whether it may take the place of a file.</param>
/// <param name="WithKey">Whether <c>installation.key</c> is copied too, beside it.</param>
public sealed record BackupRequest(string Folder, string Target, bool Overwrite, bool WithKey);

/// <param name="File">The backup.</param>
/// <param name="KeyFile">The copy of the key; null when none was asked for.</param>
public sealed record BackupSummary(string File, string? KeyFile, long Bytes, Instant MadeAt, JournalEnd End);

/// <summary>
/// A backup of the embedded store: one file with the journal and all that cannot be derived from it, as of one instant.
/// </summary>
public static class SqliteBackup
{
    /// <summary>What says that a file is a backup, and of when: a server that finds it begins a new history.</summary>
    internal const string MadeAtKey = "backed_up_at";

    /// <summary>Makes it. It is there whole and checked, or not at all.</summary>
    /// <exception cref="StoreException">It was not made; the message says why and what to do.</exception>
    public static Task<BackupSummary> RunAsync(
        BackupRequest request, TimeProvider time, IProgress<CopyProgress>? progress, CancellationToken cancel) =>
        Task.Run(() => Run(request, Instant.From(time.GetUtcNow()), progress, cancel), cancel);

    private static BackupSummary Run(
        BackupRequest request, Instant now, IProgress<CopyProgress>? progress, CancellationToken cancel)
    {
        var target = TargetOf(request, now);
        try
        {
            if (!Directory.Exists(request.Folder)) throw new StoreException($"There is no folder {request.Folder}.");
            var key = request.WithKey ? ReadKey(request, target) : null;
            var draft = $"{target}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.draft";
            try
            {
                DurableFiles.Create(draft);
                var end = Copy(request.Folder, draft, target, now, progress, cancel);
                if (key is { IsWritten: false }) DurableFiles.Write(key.Path, key.Bytes);
                DurableFiles.Publish(draft, target, request.Overwrite);
                return new(target, key?.Path, new FileInfo(target).Length, now, end);
            }
            finally
            {
                DurableFiles.DeleteDatabase(draft);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The backup {target} cannot be written: {e.Message}", e);
        }
    }

    private static JournalEnd Copy(
        string folder, string draft, string target, Instant now, IProgress<CopyProgress>? progress,
        CancellationToken cancel)
    {
        var journal = SqliteFile.Journal(new SqliteOptions { Folder = folder });
        try
        {
            using (var source = journal.OpenAnyVersion())
                DatabaseCopy.Run(source, journal.Path, draft, progress, cancel);
            using var copy = new SqliteSession(draft, SqliteOpenMode.ReadWrite, busySecondsMax: 5);
            cancel.ThrowIfCancellationRequested();
            copy.Execute("insert or replace into meta (key, value) values ($1, $2)", MadeAtKey, now.Micros);
            return JournalEnds.Check(copy, journal.Path);
        }
        catch (SqliteException e)
        {
            throw DatabaseCopy.Explain(e, journal.Path, target);
        }
    }

    private static string TargetOf(BackupRequest request, Instant now)
    {
        var target = Path.GetFullPath(request.Target);
        if (Directory.Exists(target))
        {
            target = Path.Combine(
                target,
                now.ToDateTimeOffset().ToString("'journal-'yyyyMMdd'T'HHmmss'Z.db'", CultureInfo.InvariantCulture));
        }
        else if (Path.EndsInDirectorySeparator(target))
        {
            throw new StoreException($"There is no folder {target} for the backup. Make it first.");
        }

        var parent = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(parent))
            throw new StoreException($"There is no folder {parent} for the backup. Make it first.");
        if (File.Exists(Path.Combine(parent, "journal.db")))
        {
            throw new StoreException(
                $"{parent} is a data folder: what takes it takes the backup with it. Choose another one.");
        }

        if (!request.Overwrite && Path.Exists(target))
            throw new StoreException($"{target} exists. Name another file, or allow it with --overwrite.");
        return target;
    }

    /// <summary>A key that is there is never replaced: it may be the only copy of another one.</summary>
    private static Key ReadKey(BackupRequest request, string target)
    {
        var bytes = InstallationKeyFile.ReadBytes(InstallationKeyFile.PathIn(request.Folder));
        var path = Path.ChangeExtension(target, ".key");
        if (path == target)
            throw new StoreException($"{target} is where the copied key would be. Name the backup otherwise: journal.db.");
        if (!Path.Exists(path)) return new(path, bytes, IsWritten: false);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) return new(path, bytes, true);
        throw new StoreException($"{path} exists and is another key. Name another file for the backup.");
    }

    private sealed record Key(string Path, byte[] Bytes, bool IsWritten);
}
