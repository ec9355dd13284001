using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;

namespace Lifecycle.Benchmarks;

/// <summary>All rows of a data folder in memory, so that a benchmark measures no disk.</summary>
internal static class StoredCustomers
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

    /// <summary>Median, lowest and highest.</summary>
    public static (double Median, double Low, double High) Spread(IReadOnlyList<double> runs)
    {
        var sorted = runs.Order().ToArray();
        return (sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }
}
