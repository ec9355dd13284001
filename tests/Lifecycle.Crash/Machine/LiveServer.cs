using System.Diagnostics;
using System.Text.RegularExpressions;
using Lifecycle.Crash.Load;

namespace Lifecycle.Crash.Machine;

/// <summary>The built server as a process of its own on a free port.</summary>
internal sealed partial class LiveServer : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ServerLog _log;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _killed;

    private LiveServer(string name, IEnumerable<string> arguments, ServerLog log)
    {
        Name = name;
        _log = log;
        // A write past a limit of the file's size is an error then, and not the end of the process.
        string[] command = ["/bin/sh", "-c", "trap '' XFSZ; exec dotnet \"$@\"", "sh", ServerPath, .. arguments];
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // Crashes come often and servers live for seconds: what is compiled quickly is ready sooner.
                Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DOTNET_TC_QuickJit"] = "1" },
            },
        };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new StartFailedException(name, ExitCode, _log.Tail));
    }

    public string Name { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    private static string ServerPath => Path.Combine(AppContext.BaseDirectory, "Lifecycle.Server.dll");

    private int ExitCode => _process.ExitCode;

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <exception cref="StartFailedException">It ended before.</exception>
    public static async Task<(LiveServer Server, Site Site)> StartAsync(
        string name, IEnumerable<string> arguments, ServerLog log, CancellationToken cancel)
    {
        log.Begin(name);
        var server = new LiveServer(
            name,
            [
                "--Lifecycle:Urls=http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
                "--Lifecycle:Web:RequestsPerSecondMax=1000000", .. arguments,
            ],
            log);
        try
        {
            server._process.Start();
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            return (server, new Site(await server._address.Task.WaitAsync(StartMax, cancel), name));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>As the kernel does when the machine dies: it gets no word.</summary>
    public async Task KillAsync()
    {
        _killed = true;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As an operator does; answers the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        _killed = true;
        await Signals.TerminateAsync(ProcessId);
        await _process.WaitForExitAsync().WaitAsync(StartMax);
        return _process.ExitCode;
    }

    /// <summary>It ended, and nobody asked it to.</summary>
    public bool HasDied => !_killed && _process.HasExited;

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        _log.Write(line);
        if (Listening().Match(line) is { Success: true } found) _address.TrySetResult(new(found.Groups[1].Value));
    }

    [GeneratedRegex(@"Now listening on: (\S+)")]
    private static partial Regex Listening();
}

/// <summary>The server ended before it listened.</summary>
internal sealed class StartFailedException(string name, int exitCode, string output)
    : Exception($"{name} ended with {exitCode} at its start: {output}")
{
    public int ExitCode { get; } = exitCode;

    public string Output { get; } = output;
}
