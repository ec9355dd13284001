using Lifecycle.Benchmarks.Figures;

namespace Lifecycle.Benchmarks.Tests;

public sealed class TextTableTests
{
    [Fact]
    public void Numbers_stand_at_the_right_and_names_at_the_left()
    {
        var table = new TextTable("name", " figure", "unit");
        table.Add("ingest", "1,234", "events/s");
        table.Add("a longer name", "7");

        Assert.Equal(
            """
            name           figure  unit
            ─────────────  ──────  ────────
            ingest          1,234  events/s
            a longer name       7

            """.ReplaceLineEndings(), table.ToString());
    }

    [Fact]
    public void A_text_may_be_longer_than_the_columns()
    {
        var table = new TextTable("a", "b");
        table.Add("1", "2");
        table.Add("not measured: there is no PostgreSQL here");

        Assert.StartsWith("a  b\n─  ─\n1  2\n", table.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_has_no_more_cells_than_the_table() =>
        Assert.Throws<ArgumentException>(() => new TextTable("a").Add("1", "2"));
}
