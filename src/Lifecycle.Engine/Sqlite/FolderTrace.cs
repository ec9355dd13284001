namespace Lifecycle.Engine.Sqlite;

/// <summary>What was not there before a folder was taken, so that it can be left as it was found.</summary>
internal sealed class FolderTrace
{
    private readonly List<string> _folders = [];
    private readonly string? _file;

    private FolderTrace(string? file) => _file = file;

    public static FolderTrace Before(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        var trace = new FolderTrace(File.Exists(path) ? null : path);
        for (var at = Path.GetFullPath(folder); at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
            trace._folders.Add(at);
        return trace;
    }

    public void ClearFiles()
    {
        if (_file is not null && File.Exists(_file)) File.Delete(_file);
    }

    /// <summary>Those in which nothing was put.</summary>
    public void ClearFolders()
    {
        foreach (var folder in _folders.Where(Directory.Exists))
            if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }
}
