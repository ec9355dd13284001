using Lifecycle.Engine.Actors;
using Lifecycle.Overload.Site;
using Lifecycle.Web;

namespace Lifecycle.Overload.Judging;

/// <summary>What may grow while more comes than goes, and up to where.</summary>
internal static class Growth
{
    private const long Mebi = 1 << 20;

    /// <summary>What the collector leaves until later, and pools keep.</summary>
    private const long SlackBytes = 64 * Mebi;

    /// <summary>Of a connection that has a request: the server's own objects, and what was read ahead.</summary>
    private const long ConnectionBytes = 128 << 10;

    /// <param name="heap">Bytes in use before and after, without what is garbage.</param>
    /// <param name="load">Connections that the load opened, and how many of them may be waiting to be told no.</param>
    public static void Judge(
        MeterWatch meters, WebOptions limits, (long Before, long After) heap, (int Opened, long ToldNo) load,
        Verdict verdict)
    {
        var engine = new EngineOptions();
        (string Name, long Max)[] queues =
        [
            ("lifecycle.requests.active write", limits.RequestsMax),
            ("lifecycle.requests.waiting write", limits.RequestsWaitingMax),
            ("lifecycle.bodies", limits.BodyBytesInFlightMax),
            ("lifecycle.inputs.active", engine.InputsInFlightMax),
            ("lifecycle.journal.queued", engine.WriterQueueMax),
        ];
        foreach (var (name, max) in queues)
        {
            var highest = meters.Highest(name);
            verdict.Judge(highest <= max, $"{name}: highest {highest ?? -1:N0} of {max:N0}");
        }

        var connections = meters.Highest("kestrel.active_connections") ?? -1;
        var connectionsMax = 2 * limits.RequestsMax + limits.RequestsWaitingMax + load.ToldNo;
        verdict.Judge(
            connections <= connectionsMax,
            $"connections: highest {connections:N0} of {connectionsMax:N0}, {load.Opened:N0} opened by the load "
            + $"in all, {meters.Connections:N0} open now");
        verdict.Judge(
            heap.After <= 2 * heap.Before + SlackBytes,
            $"heap: {heap.Before / Mebi} MiB before, {heap.After / Mebi} MiB after, at most twice and "
            + $"{SlackBytes / Mebi}");
        var peakMax = 2 * heap.Before + SlackBytes + limits.BodyBytesInFlightMax + connections * ConnectionBytes;
        verdict.Judge(
            meters.HeapBytes <= peakMax,
            $"heap with garbage: highest {meters.HeapBytes / Mebi} MiB of {peakMax / Mebi}");
    }
}
