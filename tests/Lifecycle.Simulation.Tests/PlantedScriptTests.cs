using System.Diagnostics;

namespace Lifecycle.Simulation.Tests;

/// <summary>The script <c>planted</c> with a stand-in for <c>dotnet</c>: what it takes for found.</summary>
public sealed class PlantedScriptTests
{
    private const string Dotnet = """
        #!/usr/bin/env bash
        [[ $1 == build ]] && exit 0
        printf '%s\n' "$SAYS"
        exit "$ENDS"
        """;

    [Theory]
    [InlineData("Seed 3: c1 #4 visit i9: the hash is another.", 1, 0, "found   drop-the-fence: Seed 3: c1")]
    [InlineData("Nothing was wrong.", 0, 1, "MISSED  drop-the-fence")]
    [InlineData("Seed 3: Broke off: KeyNotFoundException: no", 1, 1, "CRASHED drop-the-fence: exit code 1")]
    [InlineData("Unhandled exception: no", 1, 1, "CRASHED drop-the-fence: exit code 1")]
    [InlineData("Seed 3: c1 #4 visit i9: the hash is another.", 134, 1, "CRASHED drop-the-fence: exit code 134")]
    public async Task Only_what_the_judge_says_of_a_seed_is_found(string says, int ends, int exitCode, string told)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script needs bash.");
        var cancel = TestContext.Current.CancellationToken;
        var stage = Directory.CreateTempSubdirectory("lifecycle-planted-");
        try
        {
            var dotnet = Path.Combine(stage.FullName, "dotnet");
            await File.WriteAllTextAsync(dotnet, Dotnet, cancel);
            using (var made = Process.Start("chmod", ["+x", dotnet])) await made.WaitForExitAsync(cancel);
            var start = new ProcessStartInfo("bash", [Script(), "drop-the-fence"]) { RedirectStandardOutput = true };
            start.Environment["PATH"] = $"{stage}:{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment["SAYS"] = says;
            start.Environment["ENDS"] = $"{ends}";
            using var script = Process.Start(start)!;
            var output = await script.StandardOutput.ReadToEndAsync(cancel);
            await script.WaitForExitAsync(cancel);
            Assert.StartsWith(told, output, StringComparison.Ordinal);
            Assert.Equal(exitCode, script.ExitCode);
        }
        finally
        {
            stage.Delete(recursive: true);
        }
    }

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lifecycle.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "tests", "Lifecycle.Simulation", "planted");
    }
}
