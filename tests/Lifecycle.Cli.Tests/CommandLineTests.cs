using System.Net;
using System.Net.Sockets;
using Lifecycle.Cli.Tests.Import;

namespace Lifecycle.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("unknown")]
    [InlineData("import")]
    [InlineData("import no-such-file --format online-retail")]
    [InlineData("report rfm --as-of yesterday")]
    [InlineData("report rfm --as-of 2011-12-11T09:30:00")]
    [InlineData("report rfm --format xml")]
    [InlineData("report rfm --list")]
    [InlineData("report rfm --url localhost:5080")]
    [InlineData("keys create --name till")]
    [InlineData("verify extra")]
    [InlineData("backup --data data")]
    [InlineData("backup --to b.db")]
    [InlineData("restore --from b.db")]
    [InlineData("restore --from b.db --data data --until noon")]
    [InlineData("restore --from b.db --data data --until-position 0")]
    [InlineData("restore --from b.db --data data --until 2026-11-20 --until-position 3")]
    [InlineData("adopt")]
    [InlineData("adopt --data data --postgres Host=localhost")]
    [InlineData("postgres --folder data --connections 9")]
    [InlineData("postgres --folder data --port 65536")]
    public async Task Wrong_usage_exits_2_and_says_where_help_is(string line)
    {
        var run = await CommandRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("many")]
    public async Task Lanes_have_a_range(string lanes)
    {
        using var file = new TemporaryFile(Lines.Text());

        var run = await CommandRun.OfAsync("import", file.Path, "--format", "online-retail", "--lanes", lanes);

        Assert.Equal(2, run.ExitCode);
    }

    [Theory]
    [InlineData("euro")]
    [InlineData("eur")]
    [InlineData("ZZZ")]
    public async Task A_currency_is_a_code_of_ISO_4217_before_anything_is_sent(string currency)
    {
        using var file = new TemporaryFile(Lines.Text());

        var run = await CommandRun.OfAsync("import", file.Path, "--format", "online-retail", "--currency", currency);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"not '{currency}'", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("clé")]
    [InlineData("a b")]
    public async Task A_key_that_no_header_can_carry_is_named_as_such(string key)
    {
        var run = await CommandRun.OfAsync("report", "rfm", "--key", key);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--key", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("No server", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_exits_0_and_names_every_command()
    {
        var run = await CommandRun.OfAsync("--help");

        Assert.Equal(0, run.ExitCode);
        Assert.All(
            ["import", "report", "program", "verify", "backup", "restore", "adopt", "keys"],
            command => Assert.Contains(command, run.Out, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("report rfm")]
    [InlineData("verify")]
    [InlineData("keys list")]
    public async Task A_server_that_is_not_there_exits_1_and_says_what_to_do(string line)
    {
        var run = await CommandRun.OfAsync([.. line.Split(' '), "--url", UnusedUrl()]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Start it with ./run", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_does_not_wait_for_a_server_that_never_answered()
    {
        using var file = new TemporaryFile(Lines.Text(Lines.Line("1")));
        var waits = new RecordedWaits();

        var run = await CommandRun.OfAsync(
            waits, "import", file.Path, "--format", "online-retail", "--url", UnusedUrl());

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(waits.Delays);
    }

    [Theory]
    [InlineData(401, "--key")]
    [InlineData(403, "role")]
    [InlineData(422, "as_of: lies in the future")]
    [InlineData(500, "The detail.")]
    public async Task A_refusal_exits_1_with_what_the_server_said(int status, string expected)
    {
        await using var server = await RecordingServer.StartAsync(
            status,
            """{"type":"/problems/x","title":"T","detail":"The detail.","errors":{"as_of":["lies in the future"]}}""");

        var run = await CommandRun.OfAsync("report", "rfm", "--url", server.Url);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The detail.", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_problem_document_still_has_its_status()
    {
        await using var server = await RecordingServer.StartAsync(502, "<html>bad gateway</html>");

        var run = await CommandRun.OfAsync("verify", "--url", server.Url);

        Assert.Contains("502", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("html", run.Error, StringComparison.Ordinal);
    }

    private static string UnusedUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
