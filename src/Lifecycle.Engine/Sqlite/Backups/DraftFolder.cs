using System.Security.Cryptography;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite.Backups;

/// <summary>
/// A folder for what is being made, gone when the work ends. One that a killed process left is not locked any more: the
/// next draft beside it clears it away.
/// </summary>
internal sealed class DraftFolder : IDisposable
{
    public const string Prefix = ".lifecycle-draft-";

    private readonly FolderLock _lock;

    private DraftFolder(string path) => (Path, _lock) = (path, FolderLock.TakeForNow(path));

    public string Path { get; }

    /// <summary>The journal in it, which is not there yet.</summary>
    public SqliteFile Journal => SqliteFile.Journal(new SqliteOptions { Folder = Path });

    /// <exception cref="StoreException">The folder cannot be written.</exception>
    public static DraftFolder In(string folder)
    {
        foreach (var left in Directory.EnumerateDirectories(folder, Prefix + "*").ToList()) Clear(left);
        var name = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        return new(System.IO.Path.Combine(folder, name));
    }

    public void Dispose() => Delete(Path, _lock);

    private static void Clear(string left)
    {
        try
        {
            Delete(left, FolderLock.Take(left));
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            // Somebody works there, or it is another user's.
        }
    }

    private static void Delete(string path, FolderLock held)
    {
        // Before the folder: Windows deletes no file that is open.
        held.Dispose();
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Whoever makes a draft of their own was faster.
        }
    }
}
