using Lifecycle.Cli;
using Lifecycle.Cluster.Scan;

namespace Lifecycle.Cluster;

/// <summary>The command line in this program: it is no silo then, and may be a client of the cluster.</summary>
internal static class Commands
{
    public static Task<int> RunAsync(string[] args)
    {
        var variables = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        return CommandLine.RunAsync(
            args,
            Surroundings.OfProcess() with { Cluster = where => new ClusterSource(where, variables, TimeProvider.System) },
            CancellationToken.None);
    }
}
