using System.Text;

namespace Lifecycle.Server.Tests;

public sealed class ServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-server-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_an_operator_ends_the_server_and_starts_it_again()
    {
        const string Event = """{"id":"e","type":"order.placed","customer":"c","data":{"order_id":"o","amount_minor":12900}}""";
        await using (var server = await ServerProcess.StartAsync(_folder))
        {
            Assert.Equal(200, (int)(await server.Http.GetAsync("/health/ready", Cancel)).StatusCode);
            using var content = new StringContent(Event, Encoding.UTF8, "application/json");
            using var answer = await server.Http.PostAsync("/v1/events", content, Cancel);
            Assert.Contains("\"accepted\":1", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            Assert.True(await server.TerminateAsync() == 0, server.Output);
        }

        await using var again = await ServerProcess.StartAsync(_folder);
        var status = await again.Http.GetStringAsync("/v1/customers/c/status", Cancel);

        Assert.Contains("\"pending\":129", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_development_the_first_start_and_only_the_first_prints_an_admin_key()
    {
        await using (var server = await ServerProcess.StartAsync(_folder, "Production"))
        {
            var key = server.Output.Split("shown this once: ")[1].Split('\n')[0].Trim();
            Assert.Equal(401, (int)(await server.Http.GetAsync("/v1/admin/keys", Cancel)).StatusCode);
            server.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
            Assert.Equal(200, (int)(await server.Http.GetAsync("/v1/admin/keys", Cancel)).StatusCode);
            await server.TerminateAsync();
        }

        await using var again = await ServerProcess.StartAsync(_folder, "Production");
        Assert.DoesNotContain("shown this once", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_development_an_admin_key_is_printed_though_there_are_other_keys()
    {
        await using (var server = await ServerProcess.StartAsync(_folder))
        {
            using var body = new StringContent("""{"name":"till","roles":["ingest"]}""");
            Assert.Equal(201, (int)(await server.Http.PostAsync("/v1/admin/keys", body, Cancel)).StatusCode);
            await server.TerminateAsync();
        }

        await using var again = await ServerProcess.StartAsync(_folder, "Production");
        Assert.Contains("shown this once", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Lifecycle:Store=tape", "Lifecycle:Store must be sqlite")]
    [InlineData("--Lifecycle:Urls=localhost", "Lifecycle: Urls must be addresses")]
    [InlineData("--Lifecycle:Urls=http://localhost:99999", "Lifecycle: Urls must be addresses")]
    [InlineData("--Lifecycle:Program=no-such.yaml", "no-such.yaml")]
    [InlineData("--Lifecycle:Web:EventsMax=0", "Lifecycle:Web: EventsMax")]
    [InlineData("--Lifecycle:Web:EventsMax=many", "Lifecycle:Web:EventsMax")]
    [InlineData("--Lifecycle:Web:EventMax=1", "EventMax")]
    [InlineData("--Lifecycle:Engine:ResidentMax=0", "Lifecycle:Engine: ResidentMax")]
    [InlineData("--Lifecycle:Engine:ResidentsMax=9", "ResidentsMax")]
    [InlineData("--Lifecycle:Stor=sqlite", "Lifecycle:Stor is no setting: Lifecycle has Urls, Store,")]
    [InlineData("--Lifecycle:Store", "--Lifecycle:Store needs a value.")]
    [InlineData("--port=8080", "'--port' is no option. Options are written as in --Lifecycle:Urls=")]
    [InlineData("--help", "'--help' is no option.")]
    [InlineData("Lifecycle:Store=sqlite", "'Lifecycle:Store' is no option.")]
    public async Task A_wrong_option_ends_the_process_with_one_line_that_names_it(string option, string expected)
    {
        var (exitCode, output) = await ServerProcess.FailAsync(_folder, option);

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.StartsWith("Lifecycle cannot run. ", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_or_a_folder_in_use_is_said_in_one_line()
    {
        await using var first = await ServerProcess.StartAsync(_folder);
        var folder = await ServerProcess.FailAsync(_folder);
        var port = await ServerProcess.FailAsync(
            Path.Combine(_folder, "other"), $"--Lifecycle:Urls={first.Http.BaseAddress!.GetLeftPart(UriPartial.Authority)}");

        Assert.Contains("is in use by process", folder.Output, StringComparison.Ordinal);
        Assert.Contains("address already in use", port.Output, StringComparison.Ordinal);
        Assert.All([folder, port], run => Assert.Equal(1, run.ExitCode));
        Assert.All([folder, port], run => Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_key_dev_is_announced_only_where_it_opens_something()
    {
        await using var open = await ServerProcess.StartAsync(_folder, "Development", "--Lifecycle:Urls=http://0.0.0.0:0");

        await open.TerminateAsync();

        Assert.Contains("Lifecycle is ready", open.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Bearer dev", open.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
