using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Running;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Simulation.Tests.Planted;

/// <summary>Stores that break one rule each.</summary>
internal static class Plantings
{
    public static readonly Dictionary<string, Planting> All = new()
    {
        ["no index of event keys"] = new OtherDisk(epoch => new KeylessDisk(epoch)),
        ["no look at the predecessor"] = new OtherDisk(epoch => new ChainlessDisk(epoch)),
        ["older rows over newer ones"] = new OtherDisk(epoch => new BackwardDisk(epoch)),
        ["acknowledged before the commit"] = new OtherJournal((journal, disk) => new HastyJournal(journal, disk)),
        ["a snapshot before its commit"] = new OtherJournal((journal, disk) => new EarlySnapshots(journal, disk)),
    };

    private sealed class OtherDisk(Func<Hash16, MemoryDisk> make) : Planting
    {
        public override MemoryDisk Disk(Hash16 epoch) => make(epoch);
    }

    private sealed class OtherJournal(Func<IJournal, MemoryDisk, IJournal> make) : Planting
    {
        public override IStore Wrap(IStore store, MemoryDisk disk, Weather weather) =>
            new WrappedStore(store, make(store.Journal, disk));
    }

    /// <summary>Neither finds what came before nor refuses it.</summary>
    private sealed class KeylessDisk(Hash16 epoch) : MemoryDisk(epoch)
    {
        public override JournalRow? FindForEngine(Hash16 key) => null;

        protected override bool RepeatsKey(IReadOnlyList<JournalRow> rows) => false;
    }

    private sealed class ChainlessDisk(Hash16 epoch) : MemoryDisk(epoch)
    {
        protected override bool Follows(IReadOnlyList<JournalRow> rows) => true;
    }

    private sealed class BackwardDisk(Hash16 epoch) : MemoryDisk(epoch)
    {
        public override bool Replaces(CustomerRow stored, CustomerRow row) => true;
    }

    private sealed class HastyJournal(IJournal journal, MemoryDisk disk) : WrappedJournal(journal)
    {
        public override Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel)
        {
            var answer = new AppendResult(disk.Feed.Count + 1, new HashSet<CustomerKey>());
            _ = base.AppendAsync(batch, cancel);
            return Task.FromResult(answer);
        }
    }

    private sealed class EarlySnapshots(IJournal journal, MemoryDisk disk) : WrappedJournal(journal)
    {
        public override Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel)
        {
            disk.Write(table =>
            {
                foreach (var row in batch.Rows)
                    if (table.Rows.TryGetValue(row.Customer, out var stored))
                        table.Rows[row.Customer] = stored with { Seq = row.Seq, Hash = row.Hash };
            });
            return base.AppendAsync(batch, cancel);
        }
    }
}
