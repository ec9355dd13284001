using Microsoft.AspNetCore.Http;

namespace Lifecycle.Cli.Tests.Commands;

public sealed class ScanCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-scan-test-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Lines_are_the_output_and_what_is_said_of_them_is_not()
    {
        await using var server = await ServingAsync();

        var run = await CommandRun.OfAsync(
            "scan", "--url", server.Url, "--columns", "available, stage", "--filter", "customer.orders > 0");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """{"available":5,"stage":"积分"}""" + "\n" + """{"available":null,"stage":"a, \"b\""}""" + "\n", run.Out);
        Assert.Contains("2 customers in ", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            "/v1/scan?filter=customer.orders%20%3E%200&columns=customer%2Cavailable%2Cstage",
            Assert.Single(server.Seen).Target);
    }

    [Fact]
    public async Task A_CSV_file_begins_with_the_names_and_is_there_when_it_is_whole()
    {
        await using var server = await ServingAsync();
        var file = Path.Combine(_folder, "all.csv");

        var run = await CommandRun.OfAsync(
            "scan", "--url", server.Url, "--columns", "customer,stage,available", "--format", "csv", "--output", file,
            "--json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Json.GetProperty("customers").GetInt32());
        Assert.Equal(
            "customer,stage,available\r\nc-1,积分,5\r\nc-2,\"a, \"\"b\"\"\",\r\n", await File.ReadAllTextAsync(file, Cancel));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task What_breaks_off_for_good_leaves_the_file_as_it_was()
    {
        await using var server = await RecordingServer.StartAsync((context, _, number) =>
            number == 1 ? BreakAsync(context) : RecordingServer.AnswerAsync(context, 400, """
                {"type":"/problems/cursor_of_another_epoch","title":"t","status":400,"detail":"Restored since."}
                """));
        var file = Path.Combine(_folder, "all.nd");
        await File.WriteAllTextAsync(file, "of yesterday", Cancel);

        var run = await CommandRun.OfAsync("scan", "--url", server.Url, "--columns", "customer", "--output", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Restored since.", run.Error, StringComparison.Ordinal);
        Assert.Equal("of yesterday", await File.ReadAllTextAsync(file, Cancel));
        Assert.Equal([file], Directory.GetFiles(_folder));
        Assert.Contains("after=c-1", server.Seen[1].Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("did you mean 'stage'", "--columns", "customer,stge")]
    [InlineData("1 to 64", "--lanes", "65")]
    [InlineData("ndjson", "--format", "xml")]
    public async Task What_makes_no_sense_is_refused_before_anything_is_asked(string said, params string[] args)
    {
        var run = await CommandRun.OfAsync(["scan", .. args]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_file_that_cannot_be_made_is_said()
    {
        await using var server = await ServingAsync();

        var run = await CommandRun.OfAsync(
            "scan", "--url", server.Url, "--output", Path.Combine(_folder, "none", "all.nd"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("all.nd cannot be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_no_client_of_a_cluster_says_which_one_is()
    {
        var run = await CommandRun.OfAsync("scan", "--cluster");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Lifecycle.Cluster.dll scan --cluster", run.Error, StringComparison.Ordinal);
    }

    private static Task<RecordingServer> ServingAsync() => RecordingServer.StartAsync(async (context, _, _) =>
    {
        context.Response.Headers["Lifecycle-Cut"] = "cut";
        await context.Response.WriteAsync("""
            {"customer":"c-1","stage":"积分","available":5}
            {"customer":"c-2","stage":"a, \"b\"","available":null}

            """.ReplaceLineEndings("\n"));
    });

    private static async Task BreakAsync(HttpContext context)
    {
        context.Response.Headers["Lifecycle-Cut"] = "cut";
        await context.Response.WriteAsync("{\"customer\":\"c-1\"}\n");
        await context.Response.Body.FlushAsync();
        // A reset that overtakes the answer is a server that never answered.
        await Task.Delay(500);
        context.Abort();
    }
}
