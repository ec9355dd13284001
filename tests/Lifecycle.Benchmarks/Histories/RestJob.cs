using Lifecycle.Benchmarks.Load;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;

namespace Lifecycle.Benchmarks.Histories;

/// <summary>Packs customers as those are whom nobody uses, or unpacks them as the next use does, on one core.</summary>
internal sealed record RestJob(string Folder, bool Unpacks, double Seconds) : Job
{
    public override async Task<LoadResult> RunAsync()
    {
        var heads = new List<Head>();
        foreach (var rows in await StoredHistories.ReadAsync(Folder))
            heads.Add(rows.Aggregate(Head.Empty, (head, row) => head.Append(row)));
        var packed = heads.Select(SnapshotCodec.Pack).ToArray();
        // What was read would else be collected while the clock runs.
        GC.Collect();
        var (customers, clock) = (0L, LoadClock.Start());
        do
        {
            for (var i = 0; i < packed.Length; i++)
            {
                if (Unpacks) heads[i] = SnapshotCodec.Unpack(packed[i]);
                else packed[i] = SnapshotCodec.Pack(heads[i]);
            }

            customers += packed.Length;
        }
        while (clock.Elapsed.TotalSeconds < Seconds);

        return clock.End(customers);
    }
}
