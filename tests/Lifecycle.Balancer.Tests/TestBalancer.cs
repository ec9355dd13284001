using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Balancer.Tests;

/// <summary>The balancer as its program makes it, in this process.</summary>
internal sealed class TestBalancer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestBalancer(WebApplication app)
    {
        _app = app;
        Http = new() { BaseAddress = new(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public static async Task<TestBalancer> StartAsync(string processes, string healthEvery = "00:00:00.100")
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{BalancerOptions.Section}:{nameof(BalancerOptions.Processes)}"] = processes,
            [$"{BalancerOptions.Section}:{nameof(BalancerOptions.HealthEvery)}"] = healthEvery,
            [$"{BalancerOptions.Section}:{nameof(BalancerOptions.ConnectMax)}"] = "00:00:00.500",
        });
        builder.WebHost.UseUrls($"http://{IPAddress.Loopback}:0");
        var app = builder.AddBalancer().Build();
        await app.MapBalancer().StartAsync(TestContext.Current.CancellationToken);
        return new(app);
    }

    /// <summary>Waits until it takes this many processes for ready.</summary>
    public async Task AwaitReadyAsync(int count)
    {
        var cancel = TestContext.Current.CancellationToken;
        while (true)
        {
            using var answer = await Http.GetAsync(new Uri(BalancerServices.HealthPath, UriKind.Relative), cancel);
            using var health = await answer.Content.ReadFromJsonAsync<JsonDocument>(cancel);
            if (health!.RootElement.GetProperty("ready").GetInt32() == count) return;
            await Task.Delay(20, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
