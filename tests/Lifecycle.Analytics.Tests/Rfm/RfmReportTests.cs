using Lifecycle.Analytics.Reports;
using Lifecycle.Analytics.Rfm;
using Lifecycle.Domain.Time;

namespace Lifecycle.Analytics.Tests.Rfm;

public sealed class RfmReportTests
{
    private static readonly Instant AsOf = Instant.From(new DateTimeOffset(2011, 12, 11, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Recency_is_in_whole_days_and_frequency_and_monetary_are_sums()
    {
        var customers = new RfmCustomers<string>(AsOf);
        customers.Add("a", AsOf.PlusDays(-9), 500);
        customers.Add("a", AsOf.PlusDays(-3).Plus(1), 250);

        Assert.Equal([new RfmCustomer("a", 2, 2, 750)], customers.Measure(id => id));
    }

    [Fact]
    public void Orders_after_the_instant_and_customers_without_money_are_left_out()
    {
        var customers = new RfmCustomers<string>(AsOf);
        customers.Add("later", AsOf.Plus(1), 500);
        customers.Add("free", AsOf, 0);
        customers.Add("now", AsOf, 1);

        Assert.Equal([new RfmCustomer("now", 0, 1, 1)], customers.Measure(id => id));
    }

    [Fact]
    public void Equal_frequencies_are_ranked_by_id()
    {
        var customers = new RfmCustomers<int>(AsOf);
        foreach (var id in new[] { 5, 3, 1, 4, 2 }) customers.Add(id, AsOf.PlusDays(-id), 100);
        var segments = RfmReport.Segment(customers.Measure(id => $"c{id}"));

        // Recency scores 5 to 1 and frequency scores 1 to 5.
        Assert.Equal(
            ["new_customers", "potential_loyalists", "need_attention", "at_Risk", "cant_loose"],
            segments.OrderBy(pair => pair.Customer.Id, StringComparer.Ordinal).Select(pair => pair.Segment));
    }

    [Fact]
    public void All_ten_segments_are_listed_even_for_nobody()
    {
        var table = RfmReport.Tabulate(AsOf, 0, []);

        Assert.Equal(RfmSegments.All, table.Rows.Select(row => ReportFormats.TextOf(row[0])));
        Assert.All(table.Rows, row => Assert.Equal(new ReportCell.Whole(0), row[1]));
        Assert.All(table.Rows, row => Assert.Equal(ReportCell.Missing.Cell, row[4]));
    }

    [Fact]
    public void Means_are_over_the_members_of_a_segment()
    {
        RfmCustomer[] customers = [new("a", 10, 1, 100), new("b", 10, 1, 101), new("c", 10, 1, 101)];
        var table = RfmReport.Tabulate(AsOf, 42, customers);

        // Equal recency is the lowest fifth, reversed: R 5. Ranks 1 to 3 of three have F 1, 3 and 5.
        var potential = table.Rows.Single(row => row[0] == new ReportCell.Text(RfmSegments.PotentialLoyalists));
        Assert.Equal([new ReportCell.Whole(1), new ReportCell.Number(10), new ReportCell.Number(1)], potential[1..4]);
        Assert.Equal(42, table.Position);
    }
}
