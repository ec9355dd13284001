using System.Diagnostics;
using System.Security.Cryptography;

namespace Lifecycle.Engine.Store;

/// <summary>The installation's secret in its file, <c>installation.key</c> in the data folder.</summary>
public static class InstallationKeyFile
{
    private const string Name = "installation.key";

    // An erased customer has no readable id; among this many one has, or the check is left out.
    private const int CheckedCustomersMax = 64;

    // Another process holds the draft for the time of one small write.
    private static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HoldDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the secret of a store; makes one for a store in which nothing was written yet.</summary>
    /// <exception cref="StoreException">
    /// The file is missing although the store is in use, is not the one that the store was written with, can be read by
    /// others, or cannot be read or written.
    /// </exception>
    public static async Task<InstallationSecret> OpenAsync(string folder, IStore store, CancellationToken cancel)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
        {
            var isInUse = await IsInUseAsync(store, cancel);
            // Whoever begins at the same time makes the file before it writes to the store.
            if (isInUse && !File.Exists(path))
            {
                throw new StoreException(
                    $"{path} is missing, and the store is in use. Restore the file from the backup that was made of " +
                    "it, or copy it from another process that uses the store: another one would find no customer and " +
                    "read nothing that is sealed.");
            }

            if (!isInUse) await CreateAsync(path, cancel);
        }

        var secret = Read(folder);
        await CheckAsync(secret, path, store, cancel);
        // Of two processes that begin an empty store at once, the second finds what the first one kept.
        if (await store.Registry.KeepSecretCheckAsync(secret.Check, cancel) != secret.Check) throw Another(path);
        return secret;
    }

    /// <summary>Reads the secret.</summary>
    /// <exception cref="StoreException">It is missing, unreadable, readable by others, or not a secret.</exception>
    public static InstallationSecret Read(string folder) => new(ReadBytes(PathIn(folder)));

    /// <summary>Where a data folder has it.</summary>
    internal static string PathIn(string folder) => Path.Combine(folder, Name);

    /// <summary>The secret in a file, wherever that is.</summary>
    /// <exception cref="StoreException">It is missing, unreadable, readable by others, or not a secret.</exception>
    internal static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
            throw new StoreException($"{path} is a folder. Name the file of the key: {PathIn(path)}");
        try
        {
            CheckPermissions(path);
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length == InstallationSecret.Size) return bytes;
            throw new StoreException(
                $"{path} has {bytes.Length} bytes and not {InstallationSecret.Size}. Restore it from its backup.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Makes the file whole or not at all, unless it is there: processes that begin at once use one secret. Moving a
    /// file where none is may replace one that came a moment ago, so only who holds the draft moves it.
    /// </summary>
    private static async Task CreateAsync(string path, CancellationToken cancel)
    {
        var draftPath = $"{path}.new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var draft = await HoldAsync(draftPath, cancel);
            if (File.Exists(path))
            {
                File.Delete(draftPath);
                return;
            }

            // One that a process left which was killed is begun anew.
            draft.SetLength(0);
            draft.Write(RandomNumberGenerator.GetBytes(InstallationSecret.Size));
            draft.Flush(flushToDisk: true);
            File.Move(draftPath, path, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Opened by nobody else until it is closed, also where its process is killed.</summary>
    private static async Task<FileStream> HoldAsync(string path, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None };
        // There an open file is moved only so.
        if (OperatingSystem.IsWindows()) options.Share = FileShare.Delete;
        else options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(since) < HoldMax)
            {
                await Task.Delay(HoldDelay, cancel);
            }
        }
    }

    private static void CheckPermissions(string path)
    {
        // A group may read it: that is how container platforms mount a secret.
        const UnixFileMode refused =
            UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.GroupWrite;
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & refused) == 0) return;
        throw new StoreException($"{path} can be used by others than its owner. Run: chmod 600 {path}");
    }

    /// <summary>That the store was written with the secret.</summary>
    /// <exception cref="StoreException">It was written with another one.</exception>
    internal static async Task CheckAsync(
        InstallationSecret secret, string path, IStore store, CancellationToken cancel)
    {
        if (await store.Registry.ReadSecretCheckAsync(cancel) is { } kept)
        {
            if (kept == secret.Check) return;
            throw Another(path);
        }

        // From before the check was kept.
        var customers = await store.Journal.ReadCustomersAsync(null, CheckedCustomersMax, cancel);
        foreach (var (key, id) in await store.Registry.ReadIdsAsync(customers, cancel))
        {
            if (secret.CustomerKeyOf(id) == key) return;
            throw Another(path);
        }
    }

    private static async Task<bool> IsInUseAsync(IStore store, CancellationToken cancel) =>
        await store.Registry.ReadSecretCheckAsync(cancel) is not null
        || await store.Journal.ReadHeadAsync(cancel) > 0
        || await store.Quarantine.ReadAsync(QuarantineFilter.All, 0, 1, cancel) is not [];

    private static StoreException Another(string path) => new(
        $"{path} is not the secret that the store was written with. Restore the one that belongs to it; every process " +
        "that uses the store needs the same file.");
}
