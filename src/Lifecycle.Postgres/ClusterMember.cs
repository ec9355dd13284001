namespace Lifecycle.Postgres;

/// <summary>A process as a member of a cluster: the key of its row in <c>members</c>.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Address">The address that the others reach it by, as its row has it.</param>
/// <param name="Port">Its port for them.</param>
/// <param name="Generation">Tells it from processes that had the address before.</param>
public sealed record ClusterMember(string Cluster, string Address, int Port, int Generation)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}:{Port} generation {Generation} of cluster {Cluster}";
}
