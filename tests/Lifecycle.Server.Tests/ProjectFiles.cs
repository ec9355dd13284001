namespace Lifecycle.Server.Tests;

/// <summary>The project as it lies on disk.</summary>
internal static class ProjectFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder of the project, without what a build made.</summary>
    public static IEnumerable<string> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Root, file).Split('/', '\\').Any(IsMade));

    private static bool IsMade(string folder) => folder is "bin" or "obj" or "artifacts" or ".git";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lifecycle.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests has Lifecycle.sln.");
    }
}
