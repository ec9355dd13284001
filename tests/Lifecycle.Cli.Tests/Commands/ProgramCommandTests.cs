using Lifecycle.Cli.Tests.Import;
using Lifecycle.Engine.Programs;

namespace Lifecycle.Cli.Tests.Commands;

public sealed class ProgramCommandTests
{
    [Fact]
    public async Task A_valid_document_exits_0()
    {
        using var file = new TemporaryFile(ShippedPrograms.Default);

        var run = await CommandRun.OfAsync("program", "check", file.Path);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("retail-default is valid", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_error_has_its_file_line_and_column()
    {
        using var file = new TemporaryFile(ShippedPrograms.Default + "\nno_such_key: 1\n");

        var text = await CommandRun.OfAsync("program", "check", file.Path);
        var json = await CommandRun.OfAsync("program", "check", file.Path, "--json");

        Assert.Equal((1, 1), (text.ExitCode, json.ExitCode));
        var error = Assert.Single(json.Json.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            $"{file.Path}:{error.GetProperty("line")}:{error.GetProperty("column")}: {error.GetProperty("message")}",
            text.Out.Trim());
        Assert.Equal(1, error.GetProperty("column").GetInt32());
    }

    [Fact]
    public async Task A_document_is_stored_as_it_is()
    {
        using var file = new TemporaryFile(ShippedPrograms.FourStage);
        await using var server = await RecordingServer.StartAsync(201, """{"version":2,"name":"four-stage"}""");

        var run = await CommandRun.OfAsync("program", "store", file.Path, "--url", server.Url);

        Assert.Equal((0, "The program four-stage is version 2."), (run.ExitCode, run.Out.Trim()));
        var request = Assert.Single(server.Seen);
        Assert.Equal(("POST", "/v1/programs"), (request.Method, request.Target));
        Assert.Equal(ShippedPrograms.FourStage, request.Json.GetProperty("document").GetString());
    }

    [Fact]
    public async Task What_the_server_finds_wrong_is_told_with_its_places()
    {
        using var file = new TemporaryFile("program: a");
        await using var server = await RecordingServer.StartAsync(
            422, """{"detail":"The document has 1 error.","errors":{"2:11":"currency: expected EUR."}}""");

        var run = await CommandRun.OfAsync("program", "store", file.Path, "--dry-run", "--url", server.Url);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("2:11: currency: expected EUR.", run.Error, StringComparison.Ordinal);
        Assert.Equal("/v1/programs?dry_run=true", server.Seen[0].Target);
    }

    [Fact]
    public async Task Two_files_are_compared_without_a_server()
    {
        using var before = new TemporaryFile(ShippedPrograms.Default);
        using var after = new TemporaryFile(
            ShippedPrograms.Default.Replace("pending: 14d", "pending: 30d", StringComparison.Ordinal));

        var text = await CommandRun.OfAsync("program", "diff", before.Path, after.Path);
        var json = await CommandRun.OfAsync("program", "diff", after.Path, before.Path, "--json");
        var same = await CommandRun.OfAsync("program", "diff", before.Path, before.Path);

        Assert.Equal((0, "~ points.pending: 14d -> 30d"), (text.ExitCode, text.Out.Trim()));
        var change = Assert.Single(json.Json.GetProperty("changes").EnumerateArray());
        Assert.Equal(("30d", "14d"), (change.GetProperty("before").GetString(), change.GetProperty("after").GetString()));
        Assert.Equal("No difference.", same.Out.Trim());
    }

    [Fact]
    public async Task A_stored_version_is_compared_with_a_file_and_a_wrong_file_says_where()
    {
        using var file = new TemporaryFile(ShippedPrograms.FourStage);
        using var wrong = new TemporaryFile("program: a\nno_such: 1\n");
        await using var server = await RecordingServer.StartAsync(
            200, System.Text.Json.JsonSerializer.Serialize(new { version = 3, document = ShippedPrograms.FourStage }));

        var same = await CommandRun.OfAsync("program", "diff", "3", file.Path, "--url", server.Url);
        var failed = await CommandRun.OfAsync("program", "diff", "3", wrong.Path, "--url", server.Url);
        var nothing = await CommandRun.OfAsync("program", "diff", "3", "nowhere.yaml", "--url", server.Url);

        Assert.Equal("No difference.", same.Out.Trim());
        Assert.Equal("/v1/programs/3", server.Seen[0].Target);
        Assert.Equal((1, 1), (failed.ExitCode, nothing.ExitCode));
        Assert.Contains($"{wrong.Path}:", failed.Error, StringComparison.Ordinal);
        Assert.Contains("no file nowhere.yaml", nothing.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "{}")]
    [InlineData("2026-12-01", """{"effective_at":"2026-12-01T00:00:00Z"}""")]
    [InlineData("2026-12-01T12:00:00+01:00", """{"effective_at":"2026-12-01T11:00:00Z"}""")]
    public async Task A_version_is_activated_at_an_instant(string? at, string body)
    {
        await using var server = await RecordingServer.StartAsync(
            201, """{"id":4,"version":2,"effective_at":"2026-12-01T00:00:00Z","status":"scheduled"}""");

        var run = at is null
            ? await CommandRun.OfAsync("program", "activate", "2", "--url", server.Url)
            : await CommandRun.OfAsync("program", "activate", "2", "--at", at, "--url", server.Url);

        Assert.Equal(
            "Version 2 rules from 2026-12-01T00:00:00Z (activation 4, scheduled).", run.Out.Trim());
        Assert.Equal(("POST", "/v1/programs/2/activate"), (server.Seen[0].Method, server.Seen[0].Target));
        Assert.Equal(body, server.Seen[0].Json.GetRawText());
        Assert.Equal(2, (await CommandRun.OfAsync("program", "activate", "2", "--at", "2026-12-01T12:00:00")).ExitCode);
    }

    [Fact]
    public async Task An_activation_is_withdrawn()
    {
        await using var server = await RecordingServer.StartAsync(204, "");

        var run = await CommandRun.OfAsync("program", "withdraw", "4", "--json", "--url", server.Url);

        Assert.True(run.Json.GetProperty("withdrawn").GetBoolean());
        Assert.Equal(("DELETE", "/v1/programs/activations/4"), (server.Seen[0].Method, server.Seen[0].Target));
    }

    [Fact]
    public async Task Versions_are_listed_with_when_they_rule_and_how_far_the_sweep_is()
    {
        await using var server = await RecordingServer.StartAsync(
            200,
            """
            {"active":1,"document":"","programs":[{"version":3,"activations":[]},{"version":2,"activations":[{"id":2,
            "version":2,"effective_at":"2026-12-01T00:00:00Z","status":"scheduled"}]},{"version":1,"activations":[{"id":1,
            "version":1,"effective_at":null,"status":"active"}]}],"scheduled":[],
            "sweep":{"done":500,"total":4372,"started_at":"2026-11-20T12:00:00Z","finished_at":null}}
            """);

        var run = await CommandRun.OfAsync("program", "list", "--url", server.Url);

        Assert.Matches(@"3 +stored", run.Out);
        Assert.Matches(@"2 +scheduled +2026-12-01T00:00:00Z +2", run.Out);
        Assert.Matches(@"1 +active +the beginning +1", run.Out);
        Assert.Contains("Sweep: 500 of 4372 customers, under way.", run.Out, StringComparison.Ordinal);
    }
}
