using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Lifecycle.Analytics.Reports;
using Lifecycle.Analytics.Rfm;
using Lifecycle.Domain.Time;
using Microsoft.VisualBasic.FileIO;

namespace Lifecycle.Analytics.Tests.Rfm;

/// <summary>The ten counts that others published for Online Retail, from the file itself.</summary>
public sealed class PublishedSegmentsTests
{
    private const string Published = "rfm.segmap.2010_2011";

    [Fact]
    public void Online_Retail_gives_the_published_counts()
    {
        var orders = DataFolder.Find("online_retail/online_retail_2010_2011.csv.gz");
        var numbers = DataFolder.Find("reference_numbers.json");
        var (asOf, expected) = ReadPublished(numbers);

        var customers = new RfmCustomers<string>(asOf);
        foreach (var (customer, at, minor) in ReadInvoices(orders)) customers.Add(customer, at, minor);
        var table = RfmReport.Tabulate(asOf, 0, customers.Measure(id => id));

        Assert.Equal(
            expected.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            table.Rows.ToDictionary(row => ReportFormats.TextOf(row[0]), row => ((ReportCell.Whole)row[1]).Value)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    private static (Instant AsOf, Dictionary<string, long> Counts) ReadPublished(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var entry = json.RootElement.GetProperty("entries").EnumerateArray()
            .Single(candidate => candidate.GetProperty("id").GetString() == Published);
        var today = DateTimeOffset.Parse(
            entry.GetProperty("inputs").GetProperty("today").GetString()!, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal);
        return (Instant.From(today), entry.GetProperty("expected").Deserialize<Dictionary<string, long>>()!);
    }

    private static IEnumerable<(string Customer, Instant At, long Minor)> ReadInvoices(string path)
    {
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var parser = new TextFieldParser(gzip) { HasFieldsEnclosedInQuotes = true };
        parser.SetDelimiters(",");
        parser.ReadFields();
        var invoices = new Dictionary<string, (string Customer, Instant At, long Minor)>();
        while (parser.ReadFields() is { } line)
        {
            var (invoice, customer) = (line[0], line[6]);
            if (customer == "NA" || invoice.StartsWith('C')) continue;
            var at = Instant.From(DateTimeOffset.Parse(
                line[4], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
            var minor = (long)decimal.Round(
                decimal.Parse(line[3], CultureInfo.InvariantCulture)
                * decimal.Parse(line[5], NumberStyles.Float, CultureInfo.InvariantCulture) * 100,
                MidpointRounding.AwayFromZero);
            var known = invoices.GetValueOrDefault(invoice, (customer, at, 0));
            invoices[invoice] = (customer, Instant.Min(known.At, at), known.Minor + minor);
        }
        return invoices.Values.Where(invoice => invoice.Minor > 0);
    }
}
