using System.Globalization;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite;

/// <summary>
/// Exclusive use of a data folder by one process, by the operating system's lock on <c>lifecycle.lock</c>: a process
/// that dies gives it up. <c>lifecycle.pid</c> says who has it, because a locked file cannot be read everywhere.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string PidName = "lifecycle.pid";

    private readonly FileStream _file;
    private readonly FolderTrace? _trace;

    private FolderLock(FileStream file, FolderTrace? trace) => (_file, _trace) = (file, trace);

    /// <summary>For as long as the process runs.</summary>
    /// <exception cref="StoreException">Another process has it, or the folder cannot be written.</exception>
    public static FolderLock Take(string folder) => Take(folder, null);

    /// <summary>For a piece of work: what the lock needed and did not find there is gone when it is given up.</summary>
    /// <exception cref="StoreException">Another process has it, or the folder cannot be written.</exception>
    public static FolderLock TakeForNow(string folder) => Take(folder, FolderTrace.Before(folder, PidName));

    public void Dispose()
    {
        _trace?.ClearFiles();
        _file.Dispose();
        _trace?.ClearFolders();
    }

    private static FolderLock Take(string folder, FolderTrace? trace)
    {
        var pidPath = Path.Combine(folder, PidName);
        var lockPath = Path.Combine(folder, "lifecycle.lock");
        // The system deletes it before it gives up the lock, so that it is never taken from whoever has it next.
        var options = trace is null || File.Exists(lockPath) ? FileOptions.None : FileOptions.DeleteOnClose;
        FileStream? file = null;
        try
        {
            CreateFolder(folder);
            file = new FileStream(
                lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, options);
            File.WriteAllText(pidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new FolderLock(file, trace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (file is not null) trace?.ClearFiles();
            file?.Dispose();
            trace?.ClearFolders();
            throw new StoreException(
                IsHeld(e)
                    ? $"The data folder {folder} is in use by process {ReadPid(pidPath)}. Stop that process, or " +
                      "choose another folder."
                    : $"The data folder {folder} cannot be written: {e.Message}", e);
        }
    }

    private static void CreateFolder(string folder)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, owner);
    }

    // Windows: ERROR_SHARING_VIOLATION. Elsewhere .NET passes errno on: EWOULDBLOCK is 11 on Linux, 35 on macOS.
    private static bool IsHeld(Exception e) =>
        e is IOException && e.HResult is unchecked((int)0x80070020) or 11 or 35;

    private static string ReadPid(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "(unknown)";
        }
    }
}
