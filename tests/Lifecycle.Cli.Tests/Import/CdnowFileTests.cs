using System.Text;
using Lifecycle.Cli.Import;

namespace Lifecycle.Cli.Tests.Import;

public sealed class CdnowFileTests
{
    private const string Sample =
        " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n 00021 0002 19970101  3    0.00\r\n"
        + " 00004 0001 19970101  1   10.00\r\n";

    [Fact]
    public void Both_layouts_name_the_same_orders()
    {
        var cohort = string.Concat(
            " customer_id  date number_of_cds  dollar_value\r\n",
            Sample.Replace(" 0001 ", " ", StringComparison.Ordinal).Replace(" 0002 ", " ", StringComparison.Ordinal));

        var (sample, whole) = (Read(Sample), Read(cohort));

        Assert.Equal(
            ["00004-19970101-1", "00021-19970101-1", "00004-19970101-2", "00004-19970118-1"],
            sample.Events.Select(e => e.Id));
        Assert.Equal(sample.Events.Select(e => (e.Id, e.Customer, e.At)), whole.Events.Select(e => (e.Id, e.Customer, e.At)));
        Assert.Equal(new DateTime(1997, 1, 1, 12, 0, 0, DateTimeKind.Utc), sample.Events[0].At);
        Assert.Equal((4, 4, 0), (sample.LinesRead, sample.Events.Count, sample.Problems.Count));
    }

    [Theory]
    [InlineData("00004 0001 19970132 2 29.33", "bad_date")]
    [InlineData("00004 0001 19970101 0 29.33", "bad_quantity")]
    [InlineData("00004 0001 19970101 2 29.333", "bad_price")]
    [InlineData("00004 0001 19970101 2 -1", "bad_price")]
    [InlineData("x 0001 19970101 2 1", "bad_customer")]
    [InlineData("00004 0001 19970101 2", "column_count")]
    public void A_line_that_cannot_be_read_is_a_problem_and_spoils_no_other(string line, string reason)
    {
        var file = Read(Sample + line + "\r\n");
        var problem = Assert.Single(file.Problems);
        Assert.Equal((5, reason), (problem.FileLine, problem.Reason));
        Assert.Equal(4, file.Events.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b,c\n")]
    public void Another_file_is_refused(string text) =>
        Assert.Throws<CommandFailedException>(() => Read(text));

    private static ImportFile Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return CdnowFile.Read(stream, countFree: false, _ => { }, CancellationToken.None);
    }
}
