using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Tests.Store.Backups;

/// <summary>Every customer of a journal, folded from the first entry, and nothing else of the store.</summary>
internal static class Folds
{
    /// <param name="position">Only entries up to here.</param>
    public static async Task<SortedDictionary<CustomerKey, (long Seq, Hash16 State)>> OfAsync(
        IStore store, long position = long.MaxValue)
    {
        var cancel = TestContext.Current.CancellationToken;
        var loader = new HeadLoader(store);
        var folds = new SortedDictionary<CustomerKey, (long, Hash16)>();
        foreach (var customer in await store.Journal.ReadCustomersAsync(null, 100_000, cancel))
        {
            var head = await loader.LoadAsync(customer, position, cancel);
            if (head.Seq > 0) folds[customer] = (head.Seq, StateCodec.HashOf(head.State));
        }

        return folds;
    }
}
