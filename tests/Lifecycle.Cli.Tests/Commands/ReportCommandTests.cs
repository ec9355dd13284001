namespace Lifecycle.Cli.Tests.Commands;

public sealed class ReportCommandTests
{
    private const string Answer =
        """
        {"report":"rfm","as_of":"2011-12-11T00:00:00Z","position":25900,"rows":[
        {"segment":"at_Risk","customers":593,"frequency_mean":2.8786},
        {"segment":"new, ones","customers":0,"frequency_mean":null}]}
        """;

    [Fact]
    public async Task A_day_is_its_first_instant_in_UTC()
    {
        await using var server = await RecordingServer.StartAsync(200, Answer);

        var run = await CommandRun.OfAsync(
            "report", "rfm", "--as-of", "2011-12-11", "--known-at", "2012-01-01T01:00:00+01:00", "--url", server.Url);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            "/v1/reports/rfm?as_of=2011-12-11T00:00:00Z&known_at=2012-01-01T00:00:00Z",
            Uri.UnescapeDataString(Assert.Single(server.Seen).Target));
    }

    [Theory]
    [InlineData("--format", "json")]
    [InlineData("--json")]
    public async Task Json_is_printed_as_the_API_gives_it(params string[] form)
    {
        await using var server = await RecordingServer.StartAsync(200, Answer);

        var run = await CommandRun.OfAsync(["report", "rfm", "--url", server.Url, .. form]);

        Assert.Equal(25900, run.Json.GetProperty("position").GetInt32());
        Assert.Equal("at_Risk", run.Json.GetProperty("rows")[0].GetProperty("segment").GetString());
        Assert.Equal("2.8786", run.Json.GetProperty("rows")[0].GetProperty("frequency_mean").GetRawText());
    }

    [Fact]
    public async Task Csv_has_a_line_of_names_and_quotes_what_needs_it()
    {
        await using var server = await RecordingServer.StartAsync(200, Answer);

        var run = await CommandRun.OfAsync("report", "rfm", "--format", "csv", "--url", server.Url);

        Assert.Equal(
            "segment,customers,frequency_mean\r\nat_Risk,593,2.8786\r\n\"new, ones\",0,\r\n", run.Out);
    }

    [Fact]
    public async Task A_table_has_every_row_and_the_cut()
    {
        await using var server = await RecordingServer.StartAsync(200, Answer);

        var run = await CommandRun.OfAsync("report", "rfm", "--url", server.Url);

        Assert.Contains("at_Risk", run.Out, StringComparison.Ordinal);
        Assert.Contains("2.8786", run.Out, StringComparison.Ordinal);
        Assert.Contains("as of 2011-12-11T00:00:00Z, feed position 25900", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("report", "--list")]
    public async Task The_catalogue_is_listed(params string[] line)
    {
        await using var server = await RecordingServer.StartAsync(
            200, """{"reports":[{"name":"rfm","title":"Ten segments","definition":"Exactly so.","parameters":[]}]}""");

        var run = await CommandRun.OfAsync([.. line, "--url", server.Url]);

        Assert.Equal("/v1/reports", Assert.Single(server.Seen).Target);
        Assert.Contains("rfm: Ten segments", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_another_kind_is_a_failure_and_not_an_empty_table()
    {
        await using var server = await RecordingServer.StartAsync(200, "{}");

        var run = await CommandRun.OfAsync("report", "rfm", "--url", server.Url);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no 'rows'", run.Error, StringComparison.Ordinal);
    }
}
