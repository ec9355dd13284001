using System.Globalization;
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
/// <param name="MadeAt">What it is of: now, or when a backup was made that lies in the folder unused.</param>
/// <param name="KeyFile">The copy of the key; null when none was asked for.</param>
public sealed record BackupSummary(string File, string? KeyFile, long Bytes, Instant MadeAt, JournalEnd End);

/// <summary>
/// A backup of the embedded store: one file with the journal and all that cannot be derived from it, as of one instant.
/// </summary>
public static class SqliteBackup
{
    /// <summary>What says that a file is a backup, and of when: a server that finds it begins a new history.</summary>
    internal const string MadeAtKey = "backed_up_at";

    /// <summary>The last position in it, so that one that lost its end is found out.</summary>
    internal const string EndKey = "backed_up_position";

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
            using var draft = DraftFolder.In(Path.GetDirectoryName(target)!);
            var (end, madeAt) = Copy(request.Folder, draft.Journal.Path, target, now, progress, cancel);
            if (key is { IsWritten: false }) DurableFiles.Write(key.Path, key.Bytes);
            DurableFiles.Publish(draft.Journal.Path, target, request.Overwrite);
            return new(target, key?.Path, new FileInfo(target).Length, madeAt, end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The backup {target} cannot be written: {e.Message}", e);
        }
    }

    private static (JournalEnd End, Instant MadeAt) Copy(
        string folder, string draft, string target, Instant now, IProgress<CopyProgress>? progress,
        CancellationToken cancel)
    {
        var journal = SqliteFile.Journal(new SqliteOptions { Folder = folder });
        try
        {
            DurableFiles.Create(draft);
            using (var source = journal.OpenAnyVersion())
                DatabaseCopy.Run(source, journal.Path, draft, progress, cancel);
            using var copy = new SqliteSession(draft, SqliteOpenMode.ReadWrite, busySecondsMax: 5);
            cancel.ThrowIfCancellationRequested();
            // A backup that nobody used since is copied as what it is: it lacks what came after it was made.
            var madeAt = ReadMadeAt(copy);
            if (madeAt is null)
            {
                copy.Execute(
                    "insert or replace into meta (key, value) values ($1, $2), ($3, $4)", MadeAtKey, now.Micros, EndKey,
                    SqliteJournal.ReadHead(copy));
            }

            return (JournalEnds.Check(copy, journal.Path), madeAt ?? now);
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
        if (File.Exists(Path.Combine(request.Folder, "journal.db")) && IsWithin(parent, request.Folder))
        {
            throw new StoreException(
                $"{target} is inside the data folder {request.Folder}: what takes the folder takes the backup with " +
                "it. Choose another place.");
        }

        if (Path.Combine(parent, "journal.db") is var journal && File.Exists(journal) && !IsBackup(journal))
        {
            throw new StoreException(
                $"{parent} is a data folder: its {journal} is no backup. Choose another folder.");
        }

        if (!request.Overwrite && Path.Exists(target))
            throw new StoreException($"{target} exists. Name another file, or allow it with --overwrite.");
        return target;
    }

    private static bool IsWithin(string folder, string data)
    {
        var relative = Path.GetRelativePath(WithoutLinks(data), WithoutLinks(folder));
        return !Path.IsPathRooted(relative) && relative.Split(Path.DirectorySeparatorChar)[0] != "..";
    }

    private static string WithoutLinks(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent || !Directory.Exists(full)) return full;
        var here = new DirectoryInfo(Path.Combine(WithoutLinks(parent), Path.GetFileName(full)));
        return here.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? WithoutLinks(target.FullName)
            : here.FullName;
    }

    private static bool IsBackup(string path)
    {
        try
        {
            using var session = new SqliteSession(path, SqliteOpenMode.ReadOnly, busySecondsMax: 5);
            return ReadMadeAt(session) is not null;
        }
        catch (SqliteException)
        {
            // Whatever it is, it is nothing that this command made.
            return false;
        }
    }

    /// <summary>The last position that a backup was made with; null in a journal that is none.</summary>
    internal static long? ReadEnd(SqliteSession session) => ReadMadeAt(session) is null
        ? null
        : session.ReadNumber("select value from meta where key = $1", EndKey);

    private static Instant? ReadMadeAt(SqliteSession session) =>
        session.ReadNumber("select value from meta where key = $1", MadeAtKey) is { } micros ? new(micros) : null;

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
