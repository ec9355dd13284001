using System.Text;
using Lifecycle.Cli.Import;
using static Lifecycle.Cli.Tests.Import.Lines;

namespace Lifecycle.Cli.Tests.Import;

public sealed class EventBatchTests
{
    [Fact]
    public void An_invoice_becomes_an_order_with_its_lines()
    {
        var body = BodyOf(null, Line("536365", sku: "A"), Line("536365", sku: "B", quantity: "2", price: "3.39"));

        Assert.Equal(
            """
            [{"id":"536365","source":"online-retail","type":"order.placed","customer":"17850",
            "occurred_at":"2010-12-01T08:26:00Z","data":{"order_id":"536365","amount_minor":2208,
            "country":"United Kingdom","items":[{"sku":"A","quantity":6,"amount_minor":1530},
            {"sku":"B","quantity":2,"amount_minor":678}]}}]
            """.ReplaceLineEndings(""),
            body);
    }

    [Fact]
    public void A_cancellation_becomes_a_return_of_positive_amounts_that_names_no_order()
    {
        var body = BodyOf(null, Line("C536379", sku: "D", quantity: "-1", price: "27.50", country: "NA"));

        Assert.Equal(
            """
            [{"id":"C536379","source":"online-retail","type":"order.returned","customer":"17850",
            "occurred_at":"2010-12-01T08:26:00Z","data":{"amount_minor":2750,
            "items":[{"sku":"D","quantity":1,"amount_minor":2750}]}}]
            """.ReplaceLineEndings(""),
            body);
    }

    [Fact]
    public void A_currency_is_named_when_it_was_given()
    {
        Assert.Contains("\"currency\":\"GBP\"", BodyOf("GBP", Line("1")), StringComparison.Ordinal);
        Assert.DoesNotContain("currency", BodyOf(null, Line("1")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_is_full_at_its_number_of_events_or_bytes()
    {
        using var byNumber = new EventBatch(2, null);
        byNumber.Add(Read(Line("1")).Invoices[0]);
        Assert.False(byNumber.IsFull);
        byNumber.Add(Read(Line("2")).Invoices[0]);
        Assert.True(byNumber.IsFull);
        byNumber.Clear();
        Assert.False(byNumber.IsFull);

        using var byBytes = new EventBatch(1_000, null);
        var large = Read(Enumerable.Range(0, 12_000).Select(n => Line("1", sku: $"{n}")).ToArray()).Invoices[0];
        byBytes.Add(large);
        Assert.True(byBytes.IsFull);
    }

    private static string BodyOf(string? currency, params string[] lines)
    {
        using var batch = new EventBatch(10, currency);
        foreach (var invoice in Read(lines).Invoices) batch.Add(invoice);
        return Encoding.UTF8.GetString(batch.Close().Span);
    }
}
