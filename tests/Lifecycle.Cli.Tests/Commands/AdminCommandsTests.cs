namespace Lifecycle.Cli.Tests.Commands;

public sealed class AdminCommandsTests
{
    [Fact]
    public async Task Verify_exits_0_without_violations()
    {
        await using var server = await RecordingServer.StartAsync(
            200, """{"entries":12,"customers":3,"violations":[]}""");

        var run = await CommandRun.OfAsync("verify", "--url", server.Url);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("12 entries of 3 customers, 0 violations", run.Out.Trim());
        Assert.Equal(("POST", "/v1/admin/verify"), (server.Seen[0].Method, server.Seen[0].Target));
    }

    [Theory]
    [InlineData("""["c-1 entry 7: the hash does not match"]""", "violation: c-1 entry 7: the hash does not match")]
    [InlineData("""[{"customer":"c-1","seq":7,"rule":"chain"}]""", "violation: customer c-1, seq 7, rule chain")]
    public async Task Verify_exits_1_and_names_each_violation(string violations, string expected)
    {
        await using var server = await RecordingServer.StartAsync(
            200, $$"""{"entries":12,"customers":3,"violations":{{violations}}}""");

        var text = await CommandRun.OfAsync("verify", "--url", server.Url);
        var json = await CommandRun.OfAsync("verify", "--json", "--url", server.Url);

        Assert.Equal((1, 1), (text.ExitCode, json.ExitCode));
        Assert.Contains(expected, text.Out, StringComparison.Ordinal);
        Assert.Equal(1, json.Json.GetProperty("violations").GetArrayLength());
    }

    [Fact]
    public async Task A_new_key_is_the_only_thing_on_the_output()
    {
        await using var server = await RecordingServer.StartAsync(
            201, """{"id":"k1","name":"till","roles":["ingest","member"],"key":"lc_secret"}""");

        var run = await CommandRun.OfAsync(
            "keys", "create", "--name", "till", "--role", "ingest", "--role", "member", "--key", "mine", "--url",
            server.Url);

        Assert.Equal("lc_secret", run.Out.Trim());
        Assert.Contains("k1", run.Error, StringComparison.Ordinal);
        var request = Assert.Single(server.Seen);
        Assert.Equal(("POST", "/v1/admin/keys"), (request.Method, request.Target));
        Assert.Equal("Bearer mine", request.Authorization);
        Assert.Equal("""{"name":"till","roles":["ingest","member"]}""", request.Json.GetRawText());
    }

    [Fact]
    public async Task Keys_are_listed_without_secrets()
    {
        await using var server = await RecordingServer.StartAsync(
            200,
            """
            {"keys":[{"id":"k1","name":"till","roles":["ingest"],"created_at":"2026-01-01T00:00:00Z","revoked_at":null}]}
            """);

        var run = await CommandRun.OfAsync("keys", "list", "--url", server.Url);

        Assert.Contains("k1", run.Out, StringComparison.Ordinal);
        Assert.Contains("ingest", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_revoked_by_its_id()
    {
        await using var server = await RecordingServer.StartAsync(204, "");

        var run = await CommandRun.OfAsync("keys", "revoke", "k/1", "--url", server.Url);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("DELETE", Assert.Single(server.Seen).Method);
        Assert.Equal("/v1/admin/keys/k%2F1", server.Seen[0].Target);
    }
}
