using Lifecycle.Analytics.Reports;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Codec;
using Lifecycle.Engine.Store;

namespace Lifecycle.Analytics.Rfm;

/// <summary>
/// RFM from the journal: one pass over the feed up to the head at the start, so that entries committed meanwhile do not
/// blur the cut. Only the page at hand and each customer's totals are in memory: see <see cref="RfmCustomers{T}"/>.
/// </summary>
internal static class RfmFeed
{
    /// <summary>Entries read at once: some megabytes.</summary>
    private const int PageMax = 5_000;

    /// <summary>Readable ids asked for at once.</summary>
    private const int IdsMax = 1_000;

    /// <param name="asOf">Orders that occurred later are left out.</param>
    /// <param name="knownAt">Entries that were recorded later are left out.</param>
    /// <exception cref="StoreException">The journal, or one of its entries, cannot be read.</exception>
    public static async Task<ReportTable> RunAsync(
        IStore store, Instant asOf, Instant knownAt, CancellationToken cancel)
    {
        var customers = new RfmCustomers<CustomerKey>(asOf);
        var leads = new Dictionary<CustomerKey, CustomerKey>();
        var head = await store.Journal.ReadHeadAsync(cancel);
        for (var position = 0L; position < head;)
        {
            var limit = (int)Math.Min(PageMax, head - position);
            var page = await store.Journal.ReadFeedAsync(position, limit, cancel);
            if (page.Count == 0)
                throw new StoreException($"The journal ends at {position}, though its head is {head}: run verify.");
            foreach (var row in page.Where(row => row.RecordedAt <= knownAt)) Add(customers, leads, row);
            position = page[^1].Position;
        }

        customers.Unite(leads);
        var ids = await ReadIdsAsync(store.Registry, customers.Keys, cancel);
        return RfmReport.Tabulate(
            asOf, head, customers.Measure(key => ids.TryGetValue(key, out var id) ? id : key.ToString()));
    }

    /// <summary>An order counts for the id that it was sent to, and in the end for whom that leads to.</summary>
    private static void Add(
        RfmCustomers<CustomerKey> customers, Dictionary<CustomerKey, CustomerKey> leads, JournalRow row)
    {
        var entry = Decode(row);
        foreach (var effect in entry.Effects)
        {
            if (effect is Effect.OrderCounted { Counts: true } order)
                customers.Add(
                    entry.Addressed is { } alias ? new(alias) : row.Customer, order.OccurredAt, order.GrossMinor);
            else if (effect is Effect.Left left) leads[row.Customer] = new(left.Into);
            else if (effect is Effect.Rejoined) leads.Remove(row.Customer);
        }
    }

    /// <summary>A report that left out what it cannot read would be wrong without saying so.</summary>
    private static Entry Decode(JournalRow row)
    {
        try
        {
            return EntryCodec.Decode(row);
        }
        catch (CodecException e)
        {
            throw new StoreException(
                $"The entry at position {row.Position} cannot be read ({e.Message}) 'lifecycle verify' names it.", e);
        }
    }

    private static async Task<Dictionary<CustomerKey, string>> ReadIdsAsync(
        IRegistry registry, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var ids = new Dictionary<CustomerKey, string>(customers.Count);
        foreach (var chunk in customers.Chunk(IdsMax))
            foreach (var (key, id) in await registry.ReadIdsAsync(chunk, cancel)) ids[key] = id;
        return ids;
    }
}
