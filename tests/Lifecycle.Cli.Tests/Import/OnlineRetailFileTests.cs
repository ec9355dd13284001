using Lifecycle.Cli.Import;
using static Lifecycle.Cli.Tests.Import.Lines;

namespace Lifecycle.Cli.Tests.Import;

public sealed class OnlineRetailFileTests
{
    [Fact]
    public void Lines_of_one_invoice_are_one_invoice_wherever_they_stand()
    {
        var file = Read(
            Line("536365", sku: "A"), Line("536366", sku: "B"), Line("536365", sku: "C", at: "2010-12-01 08:25:00"));

        Assert.Equal(["536365", "536366"], file.Invoices.Select(invoice => invoice.Number));
        Assert.Equal(["A", "C"], file.Invoices[0].Lines.Select(line => line.Sku));
        Assert.Equal(new DateTime(2010, 12, 1, 8, 25, 0), file.Invoices[0].At);
        Assert.Equal(3, file.LinesRead);
    }

    [Fact]
    public void Invoices_are_in_the_order_of_their_time_then_of_the_file()
    {
        var file = Read(
            Line("3", at: "2010-12-02 08:00:00"), Line("2", at: "2010-12-01 08:00:00"),
            Line("1", at: "2010-12-01 08:00:00"));

        Assert.Equal(["2", "1", "3"], file.Invoices.Select(invoice => invoice.Number));
    }

    [Theory]
    [InlineData("6", "2.55", 1530)]
    [InlineData("1", "0.005", 1)]
    [InlineData("-1", "0.005", -1)]
    [InlineData("3", "0.001", 0)]
    [InlineData("80995", "2.08", 16846960)]
    [InlineData("1", "1e-3", 0)]
    public void A_line_is_quantity_times_price_with_halves_away_from_zero(string quantity, string price, long minor) =>
        Assert.Equal(minor, Read(Line("1", quantity: quantity, price: price)).Invoices[0].Lines[0].AmountMinor);

    [Fact]
    public void NA_is_no_customer_and_no_country()
    {
        var invoice = Read(Line("1", customer: "NA", country: "NA")).Invoices[0];

        Assert.Null(invoice.Customer);
        Assert.Equal("", invoice.Country);
    }

    [Theory]
    [InlineData("x", "2.55", "2010-12-01 08:26:00", LineReasons.BadQuantity)]
    [InlineData("1.5", "2.55", "2010-12-01 08:26:00", LineReasons.BadQuantity)]
    [InlineData("99999999999", "2.55", "2010-12-01 08:26:00", LineReasons.BadQuantity)]
    [InlineData("6", "NA", "2010-12-01 08:26:00", LineReasons.BadPrice)]
    [InlineData("6", "1e30", "2010-12-01 08:26:00", LineReasons.BadPrice)]
    [InlineData("1000000000", "1000000", "2010-12-01 08:26:00", LineReasons.BadPrice)]
    [InlineData("6", "2.55", "2010-13-01 08:26:00", LineReasons.BadDate)]
    [InlineData("6", "2.55", "", LineReasons.BadDate)]
    public void A_line_with_an_impossible_value_is_reported(string quantity, string price, string at, string reason)
    {
        var file = Read(Line("1"), Line("2", quantity: quantity, price: price, at: at));

        var problem = Assert.Single(file.Problems);
        Assert.Equal((3L, "2", reason), (problem.FileLine, problem.Invoice, problem.Reason));
        Assert.Equal("1", Assert.Single(file.Invoices).Number);
    }

    [Fact]
    public void An_invoice_with_an_unreadable_line_is_held_back_whole()
    {
        var file = Read(Line("1"), Line("1", quantity: "many"), Line("1"), Line("2"));

        Assert.Equal(["2"], file.Invoices.Select(invoice => invoice.Number));
        Assert.Equal(
            [(2L, LineReasons.IncompleteInvoice), (3L, LineReasons.BadQuantity), (4L, LineReasons.IncompleteInvoice)],
            file.Problems.Select(problem => (problem.FileLine, problem.Reason)));
    }

    [Fact]
    public void An_invoice_of_two_customers_is_held_back()
    {
        var file = Read(Line("1", customer: "17850"), Line("1", customer: "13047"));

        Assert.Empty(file.Invoices);
        Assert.Equal(
            [LineReasons.IncompleteInvoice, LineReasons.MixedCustomers],
            file.Problems.Select(problem => problem.Reason));
    }

    [Fact]
    public void A_line_with_too_few_columns_is_reported_and_the_next_one_read()
    {
        var file = Read(Line("1"), "2,3", Line("3"));

        var problem = Assert.Single(file.Problems);
        Assert.Equal((3L, LineReasons.ColumnCount), (problem.FileLine, problem.Reason));
        Assert.Equal(["1", "3"], file.Invoices.Select(invoice => invoice.Number));
    }

    [Fact]
    public void An_open_quotation_mark_spoils_its_own_line_only()
    {
        var file = Read(Line("1"), "\"2,A,B,1,2010-12-01 08:26:00,1,17850,France", Line("3"));

        Assert.Equal(["1", "3"], file.Invoices.Select(invoice => invoice.Number));
        Assert.Equal(3, Assert.Single(file.Problems).FileLine);
        Assert.Equal(3, file.LinesRead);
    }

    [Fact]
    public void Text_after_a_quotation_mark_is_reported()
    {
        var file = Read("\"1\"x,A,B,1,2010-12-01 08:26:00,1,17850,France");

        Assert.Equal(LineReasons.Quoting, Assert.Single(file.Problems).Reason);
    }

    [Fact]
    public void Columns_may_stand_in_another_order()
    {
        var file = ReadText(
            "Country,CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo\r\n"
            + "France,12345,1.25,2011-01-04 10:00:00,4,TEA,T1,540001\r\n");

        var invoice = Assert.Single(file.Invoices);
        Assert.Equal(("540001", "12345", "France"), (invoice.Number, invoice.Customer, invoice.Country));
        Assert.Equal([new InvoiceLine("T1", 4, 500)], invoice.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b,c\n1,2,3\n")]
    public void Another_file_is_refused(string text)
    {
        var failure = Assert.Throws<CommandFailedException>(() => ReadText(text));

        Assert.Contains("InvoiceNo", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_file_is_unpacked_and_a_damaged_one_refused()
    {
        var packed = Gzip(Text(Line("1")));
        using var whole = new MemoryStream(packed);
        using var damaged = new MemoryStream([.. packed[..12], 0, 0, 0, 0, .. packed[16..]]);

        Assert.Single(OnlineRetailFile.Read(whole, _ => { }, CancellationToken.None).Invoices);
        Assert.Throws<CommandFailedException>(() => OnlineRetailFile.Read(damaged, _ => { }, CancellationToken.None));
    }

    [Fact]
    public void A_gzip_file_that_ends_early_is_refused_for_its_last_invoice_may_lack_lines()
    {
        var packed = Gzip(Text([.. Enumerable.Range(1, 2_000).Select(n => Line($"{n * 7919 % 4_001}", sku: $"S{n}"))]));
        int[] lengths = [packed.Length / 4, packed.Length / 2, packed.Length - 9];

        Assert.All(lengths, length =>
        {
            using var cut = new MemoryStream(packed[..length]);
            var failure = Assert.Throws<CommandFailedException>(
                () => OnlineRetailFile.Read(cut, _ => { }, CancellationToken.None));
            Assert.Contains("ends early", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_gzip_file_of_several_parts_is_read_to_its_end()
    {
        using var parts = new MemoryStream([.. Gzip(Text(Line("1"))), .. Gzip(Line("2") + "\n")]);

        Assert.Equal(2, OnlineRetailFile.Read(parts, _ => { }, CancellationToken.None).Invoices.Count);
    }
}
