using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>Ctrl+C as early as something of the command is on the disk.</summary>
public sealed class InterruptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-interrupt-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_scan_that_is_stopped_as_it_begins_leaves_no_file()
    {
        // It takes connections and never answers.
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var file = Path.Combine(_folder, "customers.csv");
        using var scan = CommandLine.Start("scan", "--url", $"http://{server.LocalEndpoint}", "--output", file);
        var error = scan.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var watch = Stopwatch.StartNew();
        while (!File.Exists($"{file}.part"))
        {
            Assert.True(watch.Elapsed < Patience && !scan.HasExited, "The scan did not begin.");
            Thread.Yield();
        }

        await Signals.InterruptAsync(scan.Id);
        await scan.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, "Stopped before the end."), (scan.ExitCode, (await error).Trim()));
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
