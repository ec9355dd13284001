using System.Runtime.ExceptionServices;
using Lifecycle.Client;

namespace Lifecycle.Cli.Import;

/// <summary>How events are sent.</summary>
/// <param name="Lanes">Requests in flight; a customer's events are all in one lane.</param>
/// <param name="Batch">Events of one request at most.</param>
/// <param name="Currency">Named in every event; null to leave the amounts in the program's own.</param>
internal sealed record ImportOptions(int Lanes, int Batch, string? Currency);

/// <summary>
/// Sends events in parallel lanes, each in the order it was given. The client sends a request that got no answer, or
/// was turned away because the server is busy, again with the same body: the event ids make that harmless.
/// </summary>
internal sealed class ImportSender(LifecycleClient api, ImportOptions options, Action<long> sent)
{
    private static readonly EventOptions Historical = new() { Historical = true };

    /// <exception cref="CommandFailedException">A lane gave up; the other lanes were stopped.</exception>
    public async Task<ImportTotals> SendAsync(IReadOnlyList<ImportEvent> events, CancellationToken cancel)
    {
        var totals = new ImportTotals();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var lanes = Divide(events)
            .Select(lane => Task.Run(() => SendLaneAsync(lane, totals, stop.Token), cancel))
            .ToList();
        await foreach (var lane in Task.WhenEach(lanes).ConfigureAwait(false))
        {
            if (lane.IsCompletedSuccessfully) continue;
            await stop.CancelAsync();
            await Task.WhenAll(lanes).ContinueWith(_ => { }, TaskScheduler.Default);
            if (lane.Exception?.InnerException is CommandFailedException failure)
                throw new CommandFailedException($"{failure.Message}\n{Rest(totals, events.Count)}", failure);
            if (lane.Exception?.InnerException is { } other) ExceptionDispatchInfo.Throw(other);
            throw new OperationCanceledException(cancel);
        }
        return totals;
    }

    private static string Rest(ImportTotals totals, int all) =>
        $"{totals.Inputs} of {all} events were answered before. "
        + "Run the same import again: what was taken is not taken twice.";

    private List<ImportEvent>[] Divide(IReadOnlyList<ImportEvent> events)
    {
        var lanes = Array.ConvertAll(new int[options.Lanes], _ => new List<ImportEvent>());
        foreach (var item in events) lanes[LaneOf(item.Customer ?? item.Id)].Add(item);
        return lanes;
    }

    /// <summary>FNV-1a: the same lane in every run, unlike the runtime's own hash of a string.</summary>
    private int LaneOf(string customer)
    {
        var hash = 2_166_136_261u;
        foreach (var character in customer) hash = (hash ^ character) * 16_777_619u;
        return (int)(hash % (uint)options.Lanes);
    }

    private async Task SendLaneAsync(List<ImportEvent> lane, ImportTotals totals, CancellationToken cancel)
    {
        using var body = new EventBatch(options.Batch, options.Currency);
        for (var next = 0; next < lane.Count;)
        {
            var first = next;
            body.Clear();
            while (next < lane.Count && !body.IsFull) body.Add(lane[next++]);
            var batch = lane.GetRange(first, next - first);
            totals.Add(batch, await SendBatchAsync(body.Close(), batch.Count, cancel));
            sent(batch.Count);
        }
    }

    private async Task<BatchAnswer> SendBatchAsync(ReadOnlyMemory<byte> body, int events, CancellationToken cancel)
    {
        try
        {
            return BatchAnswer.Of(await api.SendEventsAsync(body, Historical, cancel), events);
        }
        catch (LifecycleException failure)
        {
            throw new CommandFailedException(Failures.TextOf(failure), failure);
        }
    }
}
