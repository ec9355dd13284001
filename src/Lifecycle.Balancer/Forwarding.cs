using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace Lifecycle.Balancer;

/// <summary>Every path to every process that is ready, one after the other.</summary>
internal static class Forwarding
{
    private const string Processes = "processes";

    public static IReadOnlyList<RouteConfig> Routes { get; } =
    [
        new RouteConfig
        {
            RouteId = "all", ClusterId = Processes, Match = new() { Path = "{**path}" },
        }.WithTransformUseOriginalHostHeader(),
    ];

    public static ClusterConfig ClusterOf(BalancerOptions options) => new()
    {
        ClusterId = Processes,
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        Destinations = options.Addresses.ToDictionary(
            address => address, address => new DestinationConfig { Address = address }),
        HealthCheck = new()
        {
            // Of processes that are all not ready each still reads, or says better than this one what is wrong.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Active = new()
            {
                Enabled = true, Interval = options.HealthEvery, Timeout = options.HealthEvery, Path = "/health/ready",
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
            },
            Passive = new()
            {
                Enabled = true, Policy = LostProcesses.PolicyName, ReactivationPeriod = options.HealthEvery,
            },
        },
        // One answer is enough: a process that stops says so for a few seconds only.
        Metadata = new Dictionary<string, string>
        {
            [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = "1",
        },
        HttpRequest = new() { ActivityTimeout = options.SilenceMax, Version = new(1, 1) },
    };
}
