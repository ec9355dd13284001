using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>A real server process over a data folder, on a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServerProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
        Http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(100) };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", "dev");
    }

    public Uri Url { get; }

    public HttpClient Http { get; }

    public static async Task<ServerProcess> StartAsync(string folder, params string[] options)
    {
        var url = new Uri($"http://localhost:{FreePort()}");
        var start = Program("Lifecycle.Server.dll",
            [$"--Lifecycle:Folder={folder}", $"--Lifecycle:Urls={url}", .. options]);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        var server = new ServerProcess(Process.Start(start)!, url);
        server._process.OutputDataReceived += (_, line) => server.Note(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Note(line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        await server.UntilReadyAsync();
        return server;
    }

    /// <summary>Runs the command line against this server; answers its exit code and what it printed.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) =>
        RunCliAsync(["--url", Url.ToString(), .. arguments]);

    public static async Task<(int ExitCode, string Output)> RunCliAsync(string[] arguments)
    {
        using var process = StartCli(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    public static Process StartCli(string[] arguments) => Process.Start(Program("lifecycle.dll", arguments))!;

    /// <summary>SIGKILL: the process gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo Program(string assembly, string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
        };

    private async Task UntilReadyAsync()
    {
        var started = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync())
        {
            if (_process.HasExited || started.Elapsed > StartMax)
                throw new InvalidOperationException($"The server did not get ready:{Environment.NewLine}{_output}");
            try
            {
                using var answer = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    private void Note(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
