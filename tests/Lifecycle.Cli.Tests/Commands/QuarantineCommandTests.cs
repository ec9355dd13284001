using Microsoft.AspNetCore.Http;

namespace Lifecycle.Cli.Tests.Commands;

public sealed class QuarantineCommandTests
{
    private const string Item =
        """
        {"id":7,"source":"shop","reason":"missing_customer","detail":"No customer.","times":3,
        "received_at":"2026-11-20T09:30:00Z","historical":false,"format":"event","resolution":null}
        """;

    private const string Resolution =
        """{"how":"replayed","resolved_at":"2026-11-21T08:00:00Z","by":"k1","reason":null,"note":null}""";

    private const string Receipt =
        """
        {"customer":"c-1","version":9,"status":"applied","effects":[],"available":340,"pending":5,"held":0,
        "stage":"New","next_change_at":null}
        """;

    [Fact]
    public async Task What_waits_is_listed_as_it_was_asked_for()
    {
        await using var server = await RecordingServer.StartAsync(
            200,
            $$"""
            {"total":{"items":1,"times":3},"counts":[{"source":"shop","reason":"missing_customer","items":1,"times":3}],
            "days":[],"items":[{{Item}}],"next_cursor":"n"}
            """);

        var run = await CommandRun.OfAsync(
            "quarantine", "list", "--source", "a b", "--day", "2026-11-20", "--limit", "1", "--url", server.Url);
        var json = await CommandRun.OfAsync("quarantine", "list", "--json", "--url", server.Url);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            "/v1/quarantine?state=waiting&limit=1&source=a%20b&day=2026-11-20",
            server.Seen[0].Target.Replace("a b", "a%20b", StringComparison.Ordinal));
        Assert.Contains("No customer.", run.Out, StringComparison.Ordinal);
        Assert.Contains("more", run.Error, StringComparison.Ordinal);
        Assert.Equal(3, json.Json.GetProperty("total").GetProperty("times").GetInt32());
    }

    [Fact]
    public async Task An_event_is_the_only_thing_on_the_output_and_goes_back_corrected()
    {
        const string Body = """{"id":"e-1","type":"visit"}""";
        await using var server = await RecordingServer.StartAsync((http, request, _) => RecordingServer.AnswerAsync(
            http, 200,
            request.Method == "GET"
                ? $$"""{"item":{{Item}},"body":{{System.Text.Json.JsonSerializer.Serialize(Body)}},"event":{{Body}}}"""
                : $$"""{"item":{{Item.Replace("null", Resolution, StringComparison.Ordinal)}},"result":null}"""));
        var file = Path.GetTempFileName();
        try
        {
            var shown = await CommandRun.OfAsync("quarantine", "show", "7", "--url", server.Url);
            await File.WriteAllTextAsync(file, shown.Out.Trim(), TestContext.Current.CancellationToken);
            var replayed = await CommandRun.OfAsync(
                "quarantine", "replay", "7", "--correction", file, "--url", server.Url);

            Assert.Equal(Body, shown.Out.Trim());
            Assert.Equal((0, "Event 7 is taken."), (replayed.ExitCode, replayed.Out.Trim()));
            Assert.Equal("/v1/quarantine/7/replay", server.Seen[1].Target);
            Assert.Equal(Body, server.Seen[1].Json.GetRawText());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_replay_that_is_not_taken_fails_and_says_why()
    {
        await using var server = await RecordingServer.StartAsync(
            200,
            $$"""
            {"item":{{Item}},"result":{"index":0,"id":"e-1","customer":null,"status":"quarantined",
            "problem":{"type":"/problems/missing_customer","detail":"Still none.","errors":{ } } } }
            """);

        var run = await CommandRun.OfAsync("quarantine", "replay", "7", "--url", server.Url);
        var json = await CommandRun.OfAsync("quarantine", "replay", "7", "--json", "--url", server.Url);

        Assert.Equal((1, 1), (run.ExitCode, json.ExitCode));
        Assert.Contains("missing_customer: Still none.", run.Error, StringComparison.Ordinal);
        Assert.Equal("waiting", json.Json.GetProperty("state").GetString());
        Assert.Empty(server.Seen[0].Body);
    }

    [Fact]
    public async Task All_that_a_filter_names_are_worked_off_page_by_page()
    {
        await using var server = await RecordingServer.StartAsync((http, _, n) => RecordingServer.AnswerAsync(
            http, 200,
            n == 1
                ? """{"resolved":998,"failed":2,"waiting":12,"next_cursor":"next"}"""
                : """{"resolved":10,"failed":0,"waiting":2,"next_cursor":null}"""));

        var run = await CommandRun.OfAsync("quarantine", "replay", "--reason", "unknown", "--url", server.Url);
        var discard = await CommandRun.OfAsync(
            "quarantine", "discard", "--source", "till", "--because", "test_data", "--json", "--url", server.Url);

        Assert.Equal((1, "1008 replayed, 2 failed, 2 waiting"), (run.ExitCode, run.Out.Trim()));
        Assert.Equal("/v1/quarantine/replay?reason=unknown&cursor=next", server.Seen[1].Target);
        Assert.Equal((0, 10), (discard.ExitCode, discard.Json.GetProperty("resolved").GetInt32()));
        Assert.Equal("test_data", server.Seen[2].Json.GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("quarantine", "replay")]
    [InlineData("quarantine", "replay", "7", "--source", "shop")]
    [InlineData("quarantine", "replay", "--source", "shop", "--correction", "/dev/null")]
    [InlineData("quarantine", "discard", "7")]
    [InlineData("quarantine", "list", "--day", "yesterday")]
    [InlineData("quarantine", "list", "--limit", "0")]
    [InlineData("merge", "c-1")]
    public async Task A_command_that_names_too_little_or_too_much_tries_nothing(params string[] args)
    {
        await using var server = await RecordingServer.StartAsync(200, "{}");

        var run = await CommandRun.OfAsync([.. args, "--url", server.Url]);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(server.Seen);
    }

    [Theory]
    [InlineData("merge", """{"from":"ann@example.org"}""")]
    [InlineData("unmerge", """{"alias":"ann@example.org"}""")]
    public async Task Ids_are_merged_and_unmerged(string command, string body)
    {
        await using var server = await RecordingServer.StartAsync((http, _, n) => n == 1
            ? RecordingServer.AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, "{}")
            : RecordingServer.AnswerAsync(http, StatusCodes.Status200OK, Receipt));

        var run = await CommandRun.OfAsync(command, "c/1", "ann@example.org", "--url", server.Url);
        var json = await CommandRun.OfAsync(command, "c/1", "ann@example.org", "--json", "--url", server.Url);

        Assert.Equal((0, 0), (run.ExitCode, json.ExitCode));
        Assert.Contains("340 points", run.Out, StringComparison.Ordinal);
        Assert.Equal(340, json.Json.GetProperty("available").GetInt32());
        Assert.Equal(3, server.Seen.Count);
        Assert.All(server.Seen, request => Assert.Equal(body, request.Json.GetRawText()));
        Assert.Equal($"/v1/customers/c%2F1/{command}", server.Seen[0].Target);
    }

    [Fact]
    public async Task A_refused_merge_says_why()
    {
        await using var server = await RecordingServer.StartAsync(
            422, """{"type":"/problems/same_id","title":"Both ids are the same","detail":"Name two ids."}""");

        var run = await CommandRun.OfAsync("merge", "c-1", "c-1", "--url", server.Url);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Name two ids.", run.Error, StringComparison.Ordinal);
    }
}
