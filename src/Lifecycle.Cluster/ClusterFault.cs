using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.MembershipService;

namespace Lifecycle.Cluster;

/// <summary>What keeps the silo from starting, in one sentence for its operator.</summary>
internal static class ClusterFault
{
    /// <summary>Null for what is none of the cluster's.</summary>
    public static string? Explain(Exception fault) => fault switch
    {
        AddressInUseException =>
            $"A port for the other processes is taken: {fault.Message.TrimEnd('.')}. Choose others with " +
            $"--{ClusterOptions.Section}:{nameof(ClusterOptions.SiloPort)} and {nameof(ClusterOptions.GatewayPort)}.",
        OrleansClusterConnectivityCheckFailedException =>
            "The other processes of the cluster cannot be reached, or cannot reach this one: " +
            $"{ClusterOptions.Section}:{nameof(ClusterOptions.Address)} must be an address that they reach. " +
            fault.Message,
        OrleansException or OrleansConfigurationException => fault.Message,
        _ => null,
    };
}
