using System.Diagnostics;

namespace Lifecycle.Crash.Cluster;

/// <summary>
/// The program that the processes of a cluster run. It is found by its path: where Orleans cannot be had it is not
/// there.
/// </summary>
internal static class ClusterProgram
{
    private const string Name = "Lifecycle.Cluster";

    /// <summary>The folder that has the solution; null outside the sources.</summary>
    public static string? Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lifecycle.sln")))
                folder = folder.Parent;
            return folder?.FullName;
        }
    }

    /// <summary>Builds it; null where that cannot be done.</summary>
    public static async Task<string?> BuildAsync(CancellationToken cancel)
    {
        if (Root is not { } root) return null;
        var project = Path.Combine(root, "src", Name);
        var program = Path.Combine(project, "bin", "Release", "net10.0", Name + ".dll");
        if (IsBuilt(root, program)) return program;
        using var build = Process.Start(new ProcessStartInfo(
            "dotnet", ["build", project, "--configuration", "Release", "--verbosity", "quiet", "-p:WithOrleans=true"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = Task.WhenAll(
            build.StandardOutput.ReadToEndAsync(cancel), build.StandardError.ReadToEndAsync(cancel));
        await build.WaitForExitAsync(cancel);
        await output;
        return build.ExitCode == 0 && File.Exists(program) ? program : null;
    }

    /// <summary>No source is newer: the tool that builds takes a while to find that out.</summary>
    private static bool IsBuilt(string root, string program)
    {
        var built = File.GetLastWriteTimeUtc(program);
        return File.Exists(program)
            && Directory.EnumerateFiles(root, "Directory.*")
                .Concat(Directory.EnumerateFiles(Path.Combine(root, "src"), "*", SearchOption.AllDirectories))
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}"))
                .All(file => File.GetLastWriteTimeUtc(file) <= built);
    }
}
