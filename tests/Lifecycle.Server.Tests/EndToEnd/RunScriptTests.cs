using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The script <c>run</c> with a stand-in for <c>dotnet</c>: what it does with its two processes.</summary>
public sealed class RunScriptTests
{
    // A server that says it started, and a demo that, like .NET, keeps INT ignored where it was at its start.
    private const string Dotnet = """
        #!/usr/bin/env bash
        case "$1" in
          build) exit 0 ;;
          *Server.dll) touch "$STAGE/server"; trap 'touch "$STAGE/server-ended"; exit 0' TERM ;;
          *) touch "$STAGE/demo"; trap 'touch "$STAGE/demo-ended"; exit 0' INT TERM ;;
        esac
        while true; do sleep 0.05; done
        """;

    [Fact]
    public async Task A_demo_in_the_background_of_a_script_ends_when_it_is_told_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script needs bash.");
        var cancel = TestContext.Current.CancellationToken;
        var stage = Directory.CreateTempSubdirectory("lifecycle-run-");
        try
        {
            var dotnet = Path.Combine(stage.FullName, "dotnet");
            await File.WriteAllTextAsync(dotnet, Dotnet, cancel);
            using (var made = Process.Start("chmod", ["+x", dotnet])) await made.WaitForExitAsync(cancel);

            var port = FreePort();
            using var script = Start(stage.FullName, port);
            await AwaitAsync(stage, "server", cancel);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            await AwaitAsync(stage, "demo", cancel);
            await Signals.TerminateAsync(script.Id);

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            try { await script.WaitForExitAsync(limit.Token); }
            finally { if (!script.HasExited) script.Kill(entireProcessTree: true); }

            Assert.Equal(0, script.ExitCode);
            Assert.True(File.Exists(Path.Combine(stage.FullName, "demo-ended")));
            Assert.True(File.Exists(Path.Combine(stage.FullName, "server-ended")));
        }
        finally
        {
            stage.Delete(recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(string stage, int port)
    {
        // As a shell starts a command with '&' in a script: INT is ignored.
        string[] args =
        [
            "-c", "trap '' INT; exec \"$0\" --demo \"$@\"", Path.Combine(ProjectFiles.Root, "run"),
            $"--Lifecycle:Urls=http://127.0.0.1:{port}", $"--Lifecycle:Folder={stage}/data",
        ];
        var start = new ProcessStartInfo("bash", args);
        start.Environment["PATH"] = $"{stage}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["STAGE"] = stage;
        return Process.Start(start)!;
    }

    private static async Task AwaitAsync(DirectoryInfo stage, string name, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        // The script and its stand-ins are other processes: a file is all that tells how far they are.
        while (!File.Exists(Path.Combine(stage.FullName, name))) await Task.Delay(20, limit.Token);
    }
}
