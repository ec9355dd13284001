using Lifecycle.Web.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Lifecycle.Server;

/// <summary>In Development, says where to click once the server listens.</summary>
internal sealed class Welcome(
    IServer server, IHostEnvironment environment, IHostApplicationLifetime lifetime, DevKey devKey) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsDevelopment()) lifetime.ApplicationStarted.Register(Print);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Print()
    {
        var key = devKey.IsOpen
            ? $"Authorization: Bearer {DevKey.Value}"
            : "none: dev is only for loopback; with ASPNETCORE_ENVIRONMENT=Production the first start prints one";
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            Console.WriteLine(
                $"""

                Lifecycle is ready.
                  documentation   {address}/docs
                  health          {address}/health/ready
                  key             {key}

                """);
        }
    }
}
