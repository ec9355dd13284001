using Lifecycle.Benchmarks.Load;
using Lifecycle.Domain.Customers;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Benchmarks.Histories;

/// <summary>Folds entries from their stored bytes, on one core.</summary>
/// <param name="Proven">The hash chain is proven too, as an activation does.</param>
internal sealed record FoldJob(string Folder, bool Proven, double Seconds) : Job
{
    public override async Task<LoadResult> RunAsync()
    {
        var customers = await StoredHistories.ReadAsync(Folder);
        // What was read would else be collected while the clock runs.
        GC.Collect();
        var (entries, clock) = (0L, LoadClock.Start());
        do
        {
            foreach (var rows in customers) entries += Proven ? Follow(rows) : Fold(rows);
        }
        while (clock.Elapsed.TotalSeconds < Seconds);

        return clock.End(entries);
    }

    private static long Fold(JournalRow[] rows)
    {
        var state = CustomerState.Empty;
        foreach (var row in rows) state = Evolver.Evolve(state, EntryCodec.DecodeFold(row).Fold);
        return state.Seq;
    }

    private static long Follow(JournalRow[] rows)
    {
        var head = Head.Empty;
        foreach (var row in rows) head = Chain.Follow(head, row);
        return head.Seq;
    }
}
