using System.Reflection;

namespace Lifecycle.Analytics.Tests;

/// <summary>Real data, too large for the repository: <c>LIFECYCLE_DATA</c>, or a folder beside the project.</summary>
internal static class DataFolder
{
    private static readonly string Root =
        Environment.GetEnvironmentVariable("LIFECYCLE_DATA") is { Length: > 0 } named
            ? named
            : Path.Combine(ProjectRoot(), "..", "shared", "data");

    /// <summary>The path of a file in it; the test is skipped when it is not there.</summary>
    public static string Find(string file)
    {
        var path = Path.Combine(Root, file);
        if (!File.Exists(path)) Assert.Skip($"{file} is not there: LIFECYCLE_DATA names the folder of real data.");
        return path;
    }

    private static string ProjectRoot()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lifecycle.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests has Lifecycle.sln.");
    }
}
