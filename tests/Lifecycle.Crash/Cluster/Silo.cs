using System.Globalization;
using Lifecycle.Crash.Load;
using Lifecycle.Crash.Machine;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Crash.Cluster;

/// <summary>A process of a cluster: its ports stay when another one takes its place.</summary>
internal sealed class Silo : IAsyncDisposable
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(90);

    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;
    private readonly ServerLog _log;
    private readonly Watch _watch;
    private readonly Uri _address;
    private LaunchedServer? _process;
    private bool _isAway = true;
    private int _started;

    public Silo(int number, string program, IEnumerable<string> arguments, string folder, Watch watch)
    {
        Name = "silo-" + number.ToString(CultureInfo.InvariantCulture);
        (_program, _watch) = (program, watch);
        _log = new ServerLog(Path.Combine(folder, Name + ".log"));
        var ports = Enumerable.Range(0, 3).Select(_ => PostgresOfRun.FreePort()).ToArray();
        _address = new Uri($"http://127.0.0.1:{ports[0].ToString(CultureInfo.InvariantCulture)}");
        _arguments =
        [
            .. arguments, $"--Lifecycle:Urls={_address}", $"--Lifecycle:Cluster:SiloPort={ports[1]}",
            $"--Lifecycle:Cluster:GatewayPort={ports[2]}", "--Lifecycle:Web:RequestsPerSecondMax=1000000",
            // An operator who looks for the moment of an act finds it.
            "--Logging:Console:FormatterName=simple", "--Logging:Console:FormatterOptions:SingleLine=true",
            "--Logging:Console:FormatterOptions:UseUtcTimestamp=true",
            "--Logging:Console:FormatterOptions:TimestampFormat=HH:mm:ss.fff'Z' ",
        ];
        Site = NewSite();
    }

    public string Name { get; }

    /// <summary>Where clients reach it, also while it is not there.</summary>
    public Site Site { get; private set; }

    public int ProcessId => Process.ProcessId;

    /// <summary>What the process of now has written.</summary>
    public string Output => Process.Output;

    /// <summary>It ended, and nobody asked it to.</summary>
    public bool HasDied => !_isAway && Process.HasExited;

    private LaunchedServer Process => _process ?? throw new InvalidOperationException($"{Name} was not started.");

    /// <summary>Starts a process in its place, and waits until it listens.</summary>
    /// <exception cref="StartFailedException">It ended before.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        if (_process is { } former) await former.DisposeAsync();
        _process = null;
        _log.Begin($"{Name}, start {++_started}");
        var process = new LaunchedServer(
            ["dotnet", _program], _arguments,
            new Dictionary<string, string> { [LaunchedServer.Stage] = "Development", ["DOTNET_TC_QuickJit"] = "1" })
        {
            Name = Name, OnLine = _log.Write,
        };
        _process = await process.StartAsync(cancel);
        _isAway = false;
    }

    /// <summary>Waits until it says that it can do its work.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public async Task ReadyAsync(CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = _address, Timeout = TimeSpan.FromSeconds(5) };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(ReadyMax);
        while (!await Readiness.AskAsync(http, cancel))
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"{Name} is not ready after {ReadyMax.TotalSeconds:F0} s.");
            await Task.Delay(100, cancel);
        }
    }

    /// <summary>As the kernel does when the machine dies; the other ones at the same instant.</summary>
    public static async Task KillAsync(params Silo[] silos)
    {
        foreach (var silo in silos) silo._isAway = true;
        await Signals.KillAsync(silos.Select(silo => silo.ProcessId));
        foreach (var silo in silos) await silo.Process.KillAsync();
    }

    /// <summary>As an operator does; answers the exit code.</summary>
    public Task<int> TerminateAsync()
    {
        _isAway = true;
        return Process.TerminateAsync();
    }

    /// <summary>Stopped, and nobody waits for it any more once a balancer would have noticed.</summary>
    public async Task StopAsync()
    {
        _isAway = true;
        await Signals.StopAsync(ProcessId);
    }

    /// <summary>Those who wait for it are told that they need not.</summary>
    public void Abandon()
    {
        Site.Dispose();
        Site = NewSite();
    }

    public Task ContinueAsync() => Signals.ContinueAsync(ProcessId);

    /// <summary>Its exit code once it has ended by itself; null when it has not in that time.</summary>
    public async Task<int?> EndedAsync(TimeSpan within)
    {
        try
        {
            return await Process.ExitAsync().WaitAsync(within);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>It is there as before.</summary>
    public void IsBack() => _isAway = false;

    /// <summary>Connections of the caller's own.</summary>
    public Site NewSite(string? name = null) => new(_address, name ?? Name, _watch);

    /// <summary>The same for questions that take longer than a client waits.</summary>
    public Site PatientSite() => new(_address, Name);

    public async ValueTask DisposeAsync()
    {
        _isAway = true;
        if (_process is not null) await _process.DisposeAsync();
        Site.Dispose();
        _log.Dispose();
    }
}
