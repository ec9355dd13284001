using Lifecycle.Domain.Time;

namespace Lifecycle.Analytics.Rfm;

/// <summary>
/// Recency, frequency and monetary of each customer, gathered order by order in any order. One object of about 40 bytes
/// and one dictionary slot a customer, whatever the number of orders: a million customers take about 120 MB.
/// </summary>
/// <typeparam name="TKey">What identifies a customer while gathering.</typeparam>
/// <param name="asOf">Orders that occurred later are left out.</param>
public sealed class RfmCustomers<TKey>(Instant asOf)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Totals> _totals = [];

    /// <summary>Customers with an order, whatever their monetary.</summary>
    public IReadOnlyCollection<TKey> Keys => _totals.Keys;

    /// <summary>Takes one valid order in.</summary>
    public void Add(TKey customer, Instant occurredAt, long grossMinor)
    {
        if (occurredAt > asOf) return;
        if (!_totals.TryGetValue(customer, out var totals)) _totals[customer] = totals = new Totals();
        totals.LastOrderAt = Instant.Max(totals.LastOrderAt, occurredAt);
        totals.Orders++;
        totals.GrossMinor = checked(totals.GrossMinor + grossMinor);
    }

    /// <summary>Counts what an alias has for the customer that it leads to.</summary>
    public void Unite(IReadOnlyDictionary<TKey, TKey> leads)
    {
        foreach (var (alias, into) in leads)
        {
            if (!_totals.Remove(alias, out var moved)) continue;
            var root = into;
            while (leads.TryGetValue(root, out var next)) root = next;
            if (!_totals.TryGetValue(root, out var totals)) _totals[root] = totals = new Totals();
            totals.LastOrderAt = Instant.Max(totals.LastOrderAt, moved.LastOrderAt);
            totals.Orders += moved.Orders;
            totals.GrossMinor = checked(totals.GrossMinor + moved.GrossMinor);
        }
    }

    /// <summary>Everyone whose monetary is above zero, in ordinal order of readable id.</summary>
    /// <param name="idOf">The readable id of a key.</param>
    public IReadOnlyList<RfmCustomer> Measure(Func<TKey, string> idOf) =>
        _totals.Where(pair => pair.Value.GrossMinor > 0)
            .Select(pair => new RfmCustomer(
                idOf(pair.Key), (asOf - pair.Value.LastOrderAt) / Instant.MicrosPerDay, pair.Value.Orders,
                pair.Value.GrossMinor))
            .OrderBy(customer => customer.Id, StringComparer.Ordinal)
            .ToList();

    private sealed class Totals
    {
        public Instant LastOrderAt { get; set; } = Instant.Earliest;
        public long Orders { get; set; }
        public long GrossMinor { get; set; }
    }
}

/// <summary>What RFM measures of a customer.</summary>
/// <param name="Id">The readable id, or the journal's key where the id was erased.</param>
/// <param name="RecencyDays">Whole days from the last order to the instant asked about.</param>
/// <param name="Frequency">Valid orders.</param>
/// <param name="MonetaryMinor">Their gross amounts, minor units of the program's currency.</param>
public sealed record RfmCustomer(string Id, long RecencyDays, long Frequency, long MonetaryMinor);
