using System.Globalization;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite;

/// <summary>
/// Exclusive use of a data folder by one process, by the operating system's lock on <c>lifecycle.lock</c>: a process
/// that dies gives it up. <c>lifecycle.pid</c> says who has it, because a locked file cannot be read everywhere.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="StoreException">Another process has it, or the folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        var pidPath = Path.Combine(folder, "lifecycle.pid");
        FileStream? file = null;
        try
        {
            CreateFolder(folder);
            file = new FileStream(
                Path.Combine(folder, "lifecycle.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new FolderLock(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new StoreException(
                IsHeld(e)
                    ? $"The data folder {folder} is in use by process {ReadPid(pidPath)}. Stop that process, or " +
                      "choose another folder."
                    : $"The data folder {folder} cannot be written: {e.Message}", e);
        }
    }

    public void Dispose() => _file.Dispose();

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
