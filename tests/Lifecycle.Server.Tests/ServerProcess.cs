using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Lifecycle.Server.Tests;

/// <summary>The server as its user starts it: a process of its own on a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();

    private ServerProcess(string folder, string environment, string[] options)
    {
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new("dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                {
                    Path.Combine(AppContext.BaseDirectory, "Lifecycle.Server.dll"),
                    "--Lifecycle:Urls=http://127.0.0.1:0", $"--Lifecycle:Folder={folder}",
                    "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information", "--Lifecycle:Web:DrainTime=00:00:00",
                },
                Environment = { ["ASPNETCORE_ENVIRONMENT"] = environment },
            },
        };
        foreach (var option in options) _process.StartInfo.ArgumentList.Add(option);
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"It ended: {Output}"));
    }

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public int Id => _process.Id;

    public HttpClient Http { get; } = new();

    /// <summary>
    /// Starts it with options that keep it from running; answers its exit code and all that it wrote.
    /// </summary>
    public static async Task<(int ExitCode, string Output)> FailAsync(string folder, params string[] options)
    {
        await using var server = new ServerProcess(folder, "Development", options);
        server.Begin();
        await server._process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (server._process.ExitCode, server.Output);
    }

    public static async Task<ServerProcess> StartAsync(
        string folder, string environment = "Development", params string[] options)
    {
        var server = new ServerProcess(folder, environment, options);
        server.Begin();
        server.Http.BaseAddress = new(await server._address.Task.WaitAsync(TimeSpan.FromMinutes(2)));
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "dev");
        return server;
    }

    private void Begin()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends it as an operator does; answers its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start(
            "kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        const string Listening = "Now listening on: ";
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0) _address.TrySetResult(line[(at + Listening.Length)..].Trim());
    }
}
