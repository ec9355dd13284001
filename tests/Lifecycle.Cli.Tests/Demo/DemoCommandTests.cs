using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lifecycle.Cli.Tests.Demo;

public sealed class DemoCommandTests
{
    [Theory]
    [InlineData("--customers", "0")]
    [InlineData("--customers", "100001")]
    [InlineData("--years", "11")]
    [InlineData("--seed", "x")]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "501")]
    public async Task Options_have_ranges(string option, string value)
    {
        var run = await CommandRun.OfAsync("demo", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"'{value}'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_with_real_customers_is_left_alone()
    {
        await using var server = await RecordingServer.StartAsync((context, request, _) =>
            request.Target.StartsWith("/v1/customers/demo-shop", StringComparison.Ordinal)
                ? RecordingServer.AnswerAsync(context, 404, """{"type":"/problems/customer_not_found","detail":"?"}""")
                : RecordingServer.AnswerAsync(
                    context, 200, """{"report":"rfm","as_of":null,"position":12,"rows":[]}"""));

        var run = await CommandRun.OfAsync("demo", "--history-only", "--url", server.Url);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("12 entries that are no demo's", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Seen, request => request.Method == "POST");
    }

    [Theory]
    [InlineData(
        """{"seed":1,"customers":1500,"years":3,"opened_at":"2023-11-23T01:00:00Z"}""", "has a demo already: --seed 1")]
    [InlineData("""{"somebody":"else"}""", "that is no demo's")]
    public async Task Another_shop_under_the_same_ids_is_refused(string traits, string expected)
    {
        var entries = JsonSerializer.Serialize(new
        {
            customer = "demo-shop", version = 1, next_cursor = (string?)null,
            entries = new[]
            {
                new
                {
                    seq = 1, type = "customer.registered", source = "demo", id = "opened", historical = true,
                    program_version = 1, data = new { traits = JsonSerializer.Deserialize<JsonElement>(traits) },
                    effects = Array.Empty<object>(),
                    after = new { available = 0, pending = 0, held = 0, stage = "Prospect" },
                },
            },
        });
        await using var server = await RecordingServer.StartAsync(StatusCodes.Status200OK, entries);

        var run = await CommandRun.OfAsync("demo", "--seed", "2", "--history-only", "--url", server.Url);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Seen, request => request.Method == "POST");
    }
}
