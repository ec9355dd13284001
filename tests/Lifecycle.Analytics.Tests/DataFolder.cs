using System.Reflection;

namespace Lifecycle.Analytics.Tests;

/// <summary>Real data, too large for the repository: <c>LIFECYCLE_DATA</c>, or a folder beside the project.</summary>
internal static class DataFolder
{
    public static string Path { get; } =
        Environment.GetEnvironmentVariable("LIFECYCLE_DATA") is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(ProjectRoot(), "..", "shared", "data");

    public static void SkipUnless(params string[] files)
    {
        var absent = files.FirstOrDefault(file => !File.Exists(file));
        if (absent is not null)
            Assert.Skip($"{System.IO.Path.GetFileName(absent)} is not there: LIFECYCLE_DATA names its folder.");
    }

    private static string ProjectRoot()
    {
        var folder = new DirectoryInfo(System.IO.Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Lifecycle.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests has Lifecycle.sln.");
    }
}
