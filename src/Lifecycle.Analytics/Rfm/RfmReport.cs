using System.Collections.Immutable;
using Lifecycle.Analytics.Reports;
using Lifecycle.Domain.Time;

namespace Lifecycle.Analytics.Rfm;

/// <summary>The ten segments of a population, from what was measured of each customer. Pure.</summary>
public static class RfmReport
{
    /// <summary>Decimals of a mean.</summary>
    private const int MeanDecimals = 4;

    public static readonly ReportDefinition Definition = new(
        "rfm",
        "Customers by recency and frequency, in ten segments",
        "Over each customer's valid orders that occurred by as_of: recency = whole days from the last order to as_of; "
        + "frequency = orders; monetary = sum of gross amounts; customers with a monetary of 0 are left out. "
        + "R = 6 − fifth of recency; F = fifth of the customer's rank by frequency, equal frequencies ranked by id. "
        + "Fifths have linearly interpolated edges and are closed on the right. "
        + "R,F → [1-2][1-2] hibernating; [1-2][3-4] at_Risk; [1-2]5 cant_loose; 3[1-2] about_to_sleep; "
        + "33 need_attention; [3-4][4-5] loyal_customers; 41 promising; 51 new_customers; "
        + "[4-5][2-3] potential_loyalists; 5[4-5] champions. "
        + "Columns: customers in the segment and the means of the three measures over them, null for nobody.",
        "Gross amounts, returns not taken off; each order at the time it occurred.",
        [
            new("as_of", "Only orders that had occurred by this instant, and recency up to it. RFC 3339; default now."),
            new("known_at", "Only orders that had been recorded by this instant. RFC 3339; default now."),
        ]);

    private static readonly ImmutableArray<string> Columns =
        ["segment", "customers", "recency_days_mean", "frequency_mean", "monetary_minor_mean"];

    /// <summary>All ten segments, ordered by name, those without a customer too.</summary>
    /// <param name="asOf">The instant that the customers were measured at.</param>
    /// <param name="position">The feed position that they were measured from.</param>
    /// <param name="customers">The population, in ordinal order of id.</param>
    public static ReportTable Tabulate(Instant asOf, long position, IReadOnlyList<RfmCustomer> customers)
    {
        var members = Segment(customers).ToLookup(pair => pair.Segment, pair => pair.Customer);
        var rows = RfmSegments.All.Select(segment => Row(segment, members[segment].ToList())).ToImmutableArray();
        return new(Definition.Name, asOf, position, Columns, rows);
    }

    /// <summary>Each customer with their segment.</summary>
    public static IEnumerable<(RfmCustomer Customer, string Segment)> Segment(IReadOnlyList<RfmCustomer> customers)
    {
        // OrderBy is stable: equal frequencies keep the order of the ids.
        var byFrequency = customers.OrderBy(customer => customer.Frequency).ToList();
        var recency = new Quintiles(customers.Select(customer => customer.RecencyDays));
        var rank = new Quintiles(Enumerable.Range(1, customers.Count).Select(place => (long)place));
        return byFrequency.Select((customer, index) =>
            (customer, RfmSegments.Of(6 - recency.ScoreOf(customer.RecencyDays), rank.ScoreOf(index + 1))));
    }

    private static ImmutableArray<ReportCell> Row(string segment, List<RfmCustomer> members) =>
    [
        new ReportCell.Text(segment),
        new ReportCell.Whole(members.Count),
        Mean(members, member => member.RecencyDays),
        Mean(members, member => member.Frequency),
        Mean(members, member => member.MonetaryMinor),
    ];

    private static ReportCell Mean(List<RfmCustomer> members, Func<RfmCustomer, decimal> measure) =>
        members.Count == 0
            ? ReportCell.Missing.Cell
            : new ReportCell.Number(decimal.Round(members.Sum(measure) / members.Count, MeanDecimals));
}
