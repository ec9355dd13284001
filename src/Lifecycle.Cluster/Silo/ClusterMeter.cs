using System.Diagnostics.Metrics;

namespace Lifecycle.Cluster.Silo;

/// <summary>
/// The meter <c>Lifecycle.Cluster</c>: the others as this process sees them. Names are for ever; the table of all is in
/// docs/operations.md. What Orleans does itself its own meter says.
/// </summary>
internal sealed class ClusterMeter
{
    public const string Name = "Lifecycle.Cluster";

    private static readonly (string Tag, SiloStatus[] Is)[] States =
    [
        ("joining", [SiloStatus.Created, SiloStatus.Joining]), ("active", [SiloStatus.Active]),
        ("leaving", [SiloStatus.ShuttingDown, SiloStatus.Stopping]),
    ];

    private readonly Meter _meter;
    private readonly Counter<long> _repeated;

    public ClusterMeter(IMeterFactory meters)
    {
        // The factory owns it.
        _meter = meters.Create(Name);
        _repeated = _meter.CreateCounter<long>(
            "lifecycle.cluster.calls.repeated", "{call}",
            "Calls to customers that were sent again, for their process was lost or leaving.");
    }

    public void Repeated() => _repeated.Add(1);

    public void Watch(IClusterMembershipService membership) => _meter.CreateObservableGauge(
        "lifecycle.cluster.members", () => Count(membership.CurrentSnapshot), "{process}",
        "Processes of the cluster as this one sees them, itself among them.");

    private static IEnumerable<Measurement<int>> Count(ClusterMembershipSnapshot members) =>
        States.Select(state => new Measurement<int>(
            members.Members.Values.Count(member => state.Is.Contains(member.Status)),
            new KeyValuePair<string, object?>("state", state.Tag)));
}
