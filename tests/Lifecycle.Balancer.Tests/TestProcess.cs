using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Balancer.Tests;

/// <summary>A web server on a port of this machine that counts what reaches it, and can be made not ready.</summary>
internal sealed class TestProcess : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private TestProcess(string address, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        _app = builder.Build();
        _app.MapGet("/health/ready", () => Results.StatusCode(IsReady ? 200 : 503));
        _app.MapFallback(async http =>
        {
            Interlocked.Increment(ref _requests);
            await answer(http);
        });
    }

    public bool IsReady { get; set; } = true;

    public int Requests => _requests;

    public string Address => _app.Urls.Single();

    public static Task<TestProcess> StartAsync() => StartAsync(http => http.Response.WriteAsync("taken"));

    public static async Task<TestProcess> StartAsync(RequestDelegate answer, string? address = null)
    {
        var process = new TestProcess(address ?? $"http://{IPAddress.Loopback}:0", answer);
        await process._app.StartAsync(TestContext.Current.CancellationToken);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
