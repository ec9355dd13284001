using Lifecycle.Crash.Load;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Crash.Machine;

/// <summary>The built server with what a crash needs: it knows whether somebody has ended it.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly LaunchedServer _server;
    private bool _killed;

    private LiveServer(LaunchedServer server) => _server = server;

    public string Name => _server.Name;

    public int ProcessId => _server.ProcessId;

    /// <summary>It ended, and nobody asked it to.</summary>
    public bool HasDied => !_killed && _server.HasExited;

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <exception cref="StartFailedException">It ended before.</exception>
    public static async Task<(LiveServer Server, Site Site)> StartAsync(
        string name, IEnumerable<string> arguments, ServerLog log, CancellationToken cancel)
    {
        log.Begin(name);
        var server = new LaunchedServer(
            // A write past a limit of the file's size is an error then, and not the end of the process.
            ["/bin/sh", "-c", "trap '' XFSZ; exec dotnet \"$@\"", "sh", LaunchedServer.Program],
            ["--Lifecycle:Web:RequestsPerSecondMax=1000000", .. arguments],
            // Crashes come often and servers live for seconds: what is compiled quickly is ready sooner.
            new Dictionary<string, string> { [LaunchedServer.Stage] = "Development", ["DOTNET_TC_QuickJit"] = "1" })
        {
            Name = name, OnLine = log.Write,
        };
        await server.StartAsync(cancel);
        return (new(server), new Site(server.Address, name));
    }

    /// <summary>As the kernel does when the machine dies: it gets no word.</summary>
    public Task KillAsync()
    {
        _killed = true;
        return _server.KillAsync();
    }

    /// <summary>As an operator does; answers the exit code.</summary>
    public Task<int> TerminateAsync()
    {
        _killed = true;
        return _server.TerminateAsync();
    }

    public ValueTask DisposeAsync()
    {
        _killed = true;
        return _server.DisposeAsync();
    }
}
