using System.Runtime.CompilerServices;
using Lifecycle.Engine.Hosting;
using Lifecycle.Web.Feed;
using Lifecycle.Web.Population;
using Orleans.Placement;

namespace Lifecycle.Cluster.Scan;

/// <summary>Chance spreads the parts of a scan over the processes that hold customers.</summary>
[RandomPlacement, GrainType("scan")]
internal sealed class ScanGrain(LifecycleEngine engine, StreamRoom room) : Grain, IScanGrain
{
    public async Task<ScanBegun> BeginAsync(ScanCall call)
    {
        try
        {
            var question = ScanQuestion.Of(call.Filter, call.Columns, call.Format);
            var cut = await engine.Scan.CutAsync(CancellationToken.None);
            return new(cut.ToString(), PartReading.NamesOf(question.Lines), null);
        }
        catch (Exception e) when (PartReading.FaultOf(e) is { } fault)
        {
            return ScanBegun.Of(fault);
        }
    }

    public async IAsyncEnumerable<ScanLinesPage> ReadAsync(
        ScanCall call, ScanPart part, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var reading = new PartReading(engine.Scan, room, call, part, cancel);
        while (await reading.NextAsync() is { } page)
        {
            yield return page;
            if (page.Fault is not null) break;
        }
    }
}
