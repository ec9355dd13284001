using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Lifecycle.Simulation.Store;

namespace Lifecycle.Overload.Site;

/// <summary>A real journal in front of which commits and look-ups by event key wait.</summary>
internal sealed class SlowJournal(IJournal inner, Slowness slowness) : WrappedJournal(inner)
{
    public override async Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        await Task.Delay(slowness.Commit, cancel);
        return await base.AppendAsync(batch, cancel);
    }

    public override async Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
        IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel)
    {
        await Task.Delay(slowness.LookUp, cancel);
        return await base.FindAsync(eventKeys, cancel);
    }
}
