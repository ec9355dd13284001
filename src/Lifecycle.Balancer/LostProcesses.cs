using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Lifecycle.Balancer;

/// <summary>A process to which no connection can be made gets nothing more until it was asked again.</summary>
internal sealed class LostProcesses(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "Lost";

    public string Name => PolicyName;

    /// <summary>Nothing of the request has reached the process, which any other may take then.</summary>
    public static bool IsUnreached(IForwarderErrorFeature error) => error switch
    {
        { Error: ForwarderError.Request, Exception: HttpRequestException failure } =>
            failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
        // Only the time to connect ends with this one inside.
        { Error: ForwarderError.RequestTimedOut, Exception.InnerException: TimeoutException } => true,
        _ => false,
    };

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (context.GetForwarderErrorFeature() is not { } error || !IsUnreached(error)) return;
        var pause = cluster.Model.Config.HealthCheck!.Passive!.ReactivationPeriod!.Value;
        health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, pause);
    }
}
