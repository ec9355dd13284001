using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lifecycle.Cluster.Silo;
using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;
using Lifecycle.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Cluster.Tests.Support;

/// <summary>One process of a cluster, all but its HTTP, within the process of the tests.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host) => _host = host;

    /// <summary>Where clients of the cluster talk to it.</summary>
    public string Gateway
    {
        get
        {
            var options = Get<IOptions<ClusterOptions>>().Value;
            return string.Create(CultureInfo.InvariantCulture, $"{options.Address}:{options.GatewayPort}");
        }
    }

    public LifecycleEngine Engine => _host.Services.GetRequiredService<LifecycleEngine>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>A front hears a moment later than it starts what others have.</summary>
    public async Task ReadyAsync(CancellationToken cancel)
    {
        while (Get<IReadiness>().Problems.Count > 0) await Task.Delay(20, cancel);
    }

    /// <param name="more">What else is put into the host; null for nothing.</param>
    /// <param name="settings">Further settings, which come last.</param>
    public static async Task<TestSilo> StartAsync(
        string connectionString, string folder, string cluster, Action<IHostApplicationBuilder>? more,
        params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        var ports = FreePorts();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Lifecycle:Folder"] = folder,
            ["Lifecycle:Postgres:ConnectionString"] = connectionString,
            ["Lifecycle:Cluster:Id"] = cluster,
            ["Lifecycle:Cluster:SiloPort"] = ports.Silo.ToString(CultureInfo.InvariantCulture),
            ["Lifecycle:Cluster:GatewayPort"] = ports.Gateway.ToString(CultureInfo.InvariantCulture),
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Logging.ClearProviders();
        builder.Services.AddLifecyclePostgres(builder.Configuration);
        builder.Services.AddLifecycleEngine(builder.Configuration);
        builder.AddLifecycleCluster();
        more?.Invoke(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else _host.Dispose();
    }

    /// <summary>One that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = Listen();
        return PortOf(listener);
    }

    public static (int Silo, int Gateway) FreePorts()
    {
        // Held together, so that they are two.
        using var silo = Listen();
        using var gateway = Listen();
        return (PortOf(silo), PortOf(gateway));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
