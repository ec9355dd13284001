using System.Buffers;
using System.Text;
using System.Text.Json;
using Lifecycle.Analytics.Reports;
using Lifecycle.Domain.Time;

namespace Lifecycle.Analytics.Tests.Reports;

public sealed class ReportFormatsTests
{
    private static readonly ReportTable Table = new(
        "rfm", new Instant(0), 7, ["name", "count", "mean"],
        [
            [new ReportCell.Text("a \"b\", c"), new ReportCell.Whole(2), new ReportCell.Number(1.50m)],
            [new ReportCell.Text("d"), new ReportCell.Whole(0), ReportCell.Missing.Cell],
        ]);

    [Fact]
    public void Json_names_the_cut_and_writes_each_row_by_column() => Assert.Equal(
        """
        {"report":"rfm","as_of":"1970-01-01T00:00:00Z","position":7,"rows":
        [{"name":"a \u0022b\u0022, c","count":2,"mean":1.50},{"name":"d","count":0,"mean":null}]}
        """.ReplaceLineEndings(""),
        JsonOf(json => ReportFormats.WriteJson(json, Table)));

    [Fact]
    public void Csv_quotes_what_needs_it_and_leaves_a_missing_value_empty()
    {
        using var csv = new StringWriter();
        ReportFormats.WriteCsv(csv, Table);

        Assert.Equal("name,count,mean\r\n\"a \"\"b\"\", c\",2,1.50\r\nd,0,\r\n", csv.ToString());
    }

    [Fact]
    public void The_catalogue_says_what_each_report_means()
    {
        var rfm = ReportRunner.Catalogue.Single(report => report.Name == "rfm");

        Assert.Contains("frequency = orders", rfm.Definition, StringComparison.Ordinal);
        Assert.Contains("Gross", rfm.Basis, StringComparison.Ordinal);
        Assert.Equal(["as_of", "known_at"], rfm.Parameters.Select(parameter => parameter.Name));
    }

    private static string JsonOf(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
