namespace Lifecycle.Cluster.Tests;

/// <summary>Where the project lies on disk.</summary>
internal static class ProjectRoot
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lifecycle.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
