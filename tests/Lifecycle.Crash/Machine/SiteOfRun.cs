using System.Diagnostics;
using System.Globalization;
using Lifecycle.Crash.Load;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Crash.Machine;

/// <summary>The store of a run with the server that has it, and what brings both down and up.</summary>
internal sealed class SiteOfRun(StoreOfRun store, TrafficOfRun traffic, ServerLog log, TimeSpan lease)
    : IAsyncDisposable
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);

    private LiveServer? _server;
    private Site? _site;
    private int _started;

    public StoreOfRun Store => store;

    public LiveServer Server => _server ?? throw new InvalidOperationException("No server runs.");

    public Site Site => _site ?? throw new InvalidOperationException("No server runs.");

    /// <summary>The longest time from a crash until the server was ready.</summary>
    public TimeSpan LongestRestart { get; private set; }

    /// <summary>Starts a server, sends the load there and waits until it is ready.</summary>
    /// <exception cref="StartFailedException">It did not start.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        await BeginAsync(cancel);
        await ReadyAsync(cancel);
    }

    /// <summary>The same; it need not be able to write.</summary>
    /// <exception cref="StartFailedException">It did not start.</exception>
    public async Task BeginAsync(CancellationToken cancel)
    {
        var name = "server-" + (++_started).ToString(CultureInfo.InvariantCulture);
        var (server, site) = await LiveServer.StartAsync(
            name, [.. store.Arguments, $"--Lifecycle:Engine:Lease={lease}"], log, cancel);
        (_server, _site) = (server, site);
        traffic.Door.Open(site);
    }

    /// <summary>Waits until the server says that it can do its work.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public async Task ReadyAsync(CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (await ReadinessAsync(cancel) is not { Status: 200 })
        {
            if (Stopwatch.GetElapsedTime(start) > ReadyMax)
                throw new TimeoutException($"{Site.Name} is not ready after {ReadyMax.TotalSeconds:F0} s.");
            await Task.Delay(50, cancel);
        }
    }

    public async Task<Answer?> ReadinessAsync(CancellationToken cancel)
    {
        using var request = Exchange.Get("/health/ready");
        return await Exchange.SendAsync(Site, request, cancel);
    }

    /// <summary>Kills the server, the database or both, at once, and brings back what was killed.</summary>
    public async Task CrashAsync(bool server, bool database, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        if (server) await KillServerAsync();

        if (database)
        {
            await store.KillDatabaseAsync();
            await store.RestartDatabaseAsync(cancel);
        }

        if (server) await StartAsync(cancel);
        else await ReadyAsync(cancel);
        var took = Stopwatch.GetElapsedTime(start);
        if (took > LongestRestart) LongestRestart = took;
    }

    /// <summary>It gets no word, and the load waits for the next one.</summary>
    public async Task KillServerAsync()
    {
        // First the signal: whatever came before it could let a commit through.
        await Server.KillAsync();
        traffic.Door.Close();
        Site.Dispose();
    }

    /// <summary>The server of now is left to the caller, and the next one is started beside it.</summary>
    public async Task<bool> TakeOverAsync(CancellationToken cancel)
    {
        var (server, site) = (_server, _site);
        try
        {
            await StartAsync(cancel);
            return true;
        }
        catch (StartFailedException)
        {
            (_server, _site) = (server, site);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        traffic.Door.Close();
        if (_server is not null) await _server.DisposeAsync();
        _site?.Dispose();
        await store.DisposeAsync();
    }
}
