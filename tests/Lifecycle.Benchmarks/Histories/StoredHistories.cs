using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;

namespace Lifecycle.Benchmarks.Histories;

/// <summary>The journal of a data folder by customer, in memory, so that a benchmark measures no disk.</summary>
internal static class StoredHistories
{
    private const int PageSize = 1_000;

    public static async Task<List<JournalRow[]>> ReadAsync(string folder)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(folder);
        var loader = new HeadLoader(store);
        var customers = new List<JournalRow[]>();
        CustomerKey? after = null;
        while (true)
        {
            var page = await store.Journal.ReadCustomersAsync(after, PageSize, CancellationToken.None);
            foreach (var customer in page)
                customers.Add(await loader.ReadAsync(customer, CancellationToken.None).ToArrayAsync());
            if (page.Count < PageSize) return customers;
            after = page[^1];
        }
    }
}
