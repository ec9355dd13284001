using System.Runtime.InteropServices;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <summary>Files that are whole or not there, and stay so when the power goes.</summary>
internal static class DurableFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>An empty file that only its owner may read.</summary>
    public static void Create(string path) => Write(path, []);

    /// <summary>A new file that only its owner may read, on the disk when this returns.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Gives a file on the disk its name; the name is on the disk too when this returns.</summary>
    public static void Publish(string draft, string path, bool overwrite)
    {
        using (var file = File.OpenHandle(draft, access: FileAccess.ReadWrite)) RandomAccess.FlushToDisk(file);
        File.Move(draft, path, overwrite);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    // .NET opens no folder. Without this a power loss may take the name of a file that is on the disk itself.
    private static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var file = Open(folder, flags: 0);
        if (file < 0) throw Failed(folder);
        try
        {
            if (Sync(file) != 0 && Marshal.GetLastPInvokeError() != NotSupported) throw Failed(folder);
        }
        finally
        {
            _ = Close(file);
        }
    }

    // EINVAL: some file systems have no such thing as a folder to sync, and need none.
    private const int NotSupported = 22;

    private static StoreException Failed(string folder) =>
        new($"{folder} could not be brought to the disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Sync(int file);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Close(int file);
}
