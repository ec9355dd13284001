using Lifecycle.Engine;
using Lifecycle.Engine.Hosting;

namespace Lifecycle.Cluster.Customers;

/// <summary>A process whose engine is ready, and that knows of one with customers: a front may have to wait for that.</summary>
internal sealed class ClusterReadiness(LifecycleEngine engine, IClusterManifestProvider manifests) : IReadiness
{
    public const string NobodyHoldsCustomers = "No process of the cluster holds customers now.";

    private static readonly GrainType Customer = GrainType.Create(CustomerGrain.Type);

    /// <inheritdoc/>
    public IReadOnlyList<string> Problems => manifests.Current.AllGrainManifests.Any(some => some.Grains.ContainsKey(Customer))
        ? engine.Readiness.Problems
        : [.. engine.Readiness.Problems, NobodyHoldsCustomers];
}
