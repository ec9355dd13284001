using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Lifecycle.Balancer;

/// <summary>Makes a host the one address in front of several processes.</summary>
public static class BalancerServices
{
    /// <summary>Answered by the balancer itself.</summary>
    public const string HealthPath = "/balancer/ready";

    public static WebApplicationBuilder AddBalancer(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<BalancerOptions>, BalancerOptionsValidator>();
        services.AddOptions<BalancerOptions>().Bind(
            builder.Configuration.GetSection(BalancerOptions.Section),
            binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IPassiveHealthCheckPolicy, LostProcesses>();
        services.AddSingleton<IProxyConfigProvider>(provider => new InMemoryConfigProvider(
            Forwarding.Routes,
            [Forwarding.ClusterOf(provider.GetRequiredService<IOptions<BalancerOptions>>().Value)]));
        var connectMax = builder.Configuration.GetSection(BalancerOptions.Section).Get<BalancerOptions>()?.ConnectMax
            ?? new BalancerOptions().ConnectMax;
        services.AddReverseProxy().ConfigureHttpClient((_, handler) => handler.ConnectTimeout = connectMax);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The processes have limits of their own and answer in their own words.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        return builder;
    }

    public static WebApplication MapBalancer(this WebApplication app)
    {
        app.MapGet(HealthPath, (IProxyStateLookup state) =>
        {
            var processes = state.GetClusters()
                .SelectMany(cluster => cluster.DestinationsState.AllDestinations).ToList();
            var ready = processes.Count(process =>
                process.Health is { Active: DestinationHealth.Healthy, Passive: not DestinationHealth.Unhealthy });
            return Results.Json(
                new { status = ready > 0 ? "ready" : "not_ready", ready, of = processes.Count },
                statusCode: ready > 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<AnotherProcess>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }
}
