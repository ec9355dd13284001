using System.Diagnostics;
using OpenTelemetry;

namespace Lifecycle.Web.Operations;

/// <summary>
/// Leaves out what the database and the cluster do when nobody asks: leases, probes and looks come dozens of times a
/// second, and would bury the requests. What is below them is left out with them.
/// </summary>
internal sealed class AskedOnly : BaseProcessor<Activity>
{
    public static readonly IReadOnlyList<string> Sources = ["Npgsql", "Microsoft.Orleans.Runtime"];

    public override void OnStart(Activity data)
    {
        if (data.ParentId is not null || !Sources.Contains(data.Source.Name)) return;
        data.IsAllDataRequested = false;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
