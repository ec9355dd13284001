using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>
/// <c>./run --cluster</c> with a stand-in for <c>dotnet</c>: what the script does with what it starts, also where a
/// part does not start. The processes themselves are looked at by the tests of the cluster.
/// </summary>
public sealed class RunClusterScriptTests : IDisposable
{
    // A database that is ready at once, and processes that never are: each notes in which order it ends.
    private const string Dotnet = """
        #!/usr/bin/env bash
        case "$*" in
          restore*) [[ ! -f "$STAGE/no-orleans" ]] || { echo "error NU1101: no Microsoft.Orleans.Server"; exit 1; } ;&
          build*) exit 0 ;;
          *lifecycle.dll*)
            name=database
            mkdir -p "$STAGE/data/postgres"
            echo Host=nowhere >"$STAGE/data/postgres/connection"
            ;;
          *Cluster.dll*)
            name=process
            [[ ! -f "$STAGE/broken" ]] || { echo "Lifecycle cannot run. It is broken."; exit 1; }
            ;;
        esac
        trap 'echo $name >>"$STAGE/ended"; exit 0' TERM
        echo "$Lifecycle__Postgres__ConnectionString" >"$STAGE/$name.new"
        mv "$STAGE/$name.new" "$STAGE/$name"
        while true; do sleep 0.05; done
        """;

    private readonly DirectoryInfo _stage = Directory.CreateTempSubdirectory("lifecycle-run-cluster-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_Orleans_one_line_says_so()
    {
        await WriteAsync("no-orleans");
        // Without a folder of packages there is nothing to be known already.
        using var script = await StartAsync(("NUGET_PACKAGES", Path.Combine(_stage.FullName, "packages")));

        var (code, output) = await EndAsync(script);

        Assert.Equal(1, code);
        Assert.StartsWith(
            "A cluster needs Orleans: no package source here has Orleans", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_process_that_does_not_start_says_why_and_nothing_is_left()
    {
        await WriteAsync("broken");
        using var script = await StartAsync();

        var (code, output) = await EndAsync(script);

        Assert.Equal(1, code);
        Assert.Contains(
            "Process 1 does not start:\nLifecycle cannot run. It is broken.", output, StringComparison.Ordinal);
        Assert.Equal(["database"], await EndedAsync());
    }

    [Fact]
    public async Task Ended_before_it_is_ready_it_ends_all_and_the_database_last()
    {
        using var script = await StartAsync();
        await AwaitAsync("process");
        // Where everybody could read it, it is not.
        Assert.Equal("Host=nowhere", (await ReadAsync("process")).Trim());
        await Signals.TerminateAsync(script.Id);

        var (code, _) = await EndAsync(script);

        Assert.Equal(0, code);
        Assert.Equal(["process", "database"], await EndedAsync());
    }

    [Fact]
    public async Task Killed_it_leaves_nothing_behind()
    {
        using var script = await StartAsync();
        await AwaitAsync("process");
        await Signals.KillAsync([script.Id]);

        await AwaitAsync("ended");
        while ((await EndedAsync()).Length < 2) await Task.Delay(20, Cancel);

        Assert.Equal(["database", "process"], (await EndedAsync()).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _stage.Delete(recursive: true);

    private async Task<Process> StartAsync(params (string Name, string Value)[] variables)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script needs bash.");
        var dotnet = Path.Combine(_stage.FullName, "dotnet");
        await File.WriteAllTextAsync(dotnet, Dotnet, Cancel);
        using (var made = Process.Start("chmod", ["+x", dotnet])) await made.WaitForExitAsync(Cancel);
        string[] args =
        [
            "--cluster", "2", $"--Lifecycle:Urls=http://localhost:{FreePort().ToString(CultureInfo.InvariantCulture)}",
            $"--Lifecycle:Folder={_stage.FullName}/data",
        ];
        var start = new ProcessStartInfo(Path.Combine(ProjectFiles.Root, "run"), args)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_stage.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["STAGE"] = _stage.FullName;
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task<(int ExitCode, string Output)> EndAsync(Process script)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            var output = script.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await script.StandardError.ReadToEndAsync(limit.Token);
            await script.WaitForExitAsync(limit.Token);
            return (script.ExitCode, await output + errors);
        }
        finally
        {
            if (!script.HasExited) script.Kill(entireProcessTree: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task WriteAsync(string name) => File.WriteAllTextAsync(Path.Combine(_stage.FullName, name), "", Cancel);

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(_stage.FullName, name), Cancel);

    private Task<string[]> EndedAsync() => File.ReadAllLinesAsync(Path.Combine(_stage.FullName, "ended"), Cancel);

    private async Task AwaitAsync(string name)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        // The script and its stand-ins are other processes: a file is all that tells how far they are.
        while (!File.Exists(Path.Combine(_stage.FullName, name))) await Task.Delay(20, limit.Token);
    }
}
