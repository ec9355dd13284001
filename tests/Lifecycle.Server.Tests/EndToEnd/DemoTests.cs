using System.Text.Json;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The demo against a server, both as processes.</summary>
public sealed class DemoTests : IDisposable
{
    private static readonly string[] Stages =
        ["Prospect", "New", "Growing", "Loyal", "AtRisk", "Churned"];

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-demo-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_fills_goes_on_and_never_doubles()
    {
        await using var server = await ServerProcess.StartAsync(_folder);

        var first = await RunAsync(server, "demo", "--customers", "120", "--years", "2", "--history-only", "--json");
        var again = await RunAsync(server, "demo", "--history-only", "--json");

        Assert.Equal((0, 0, 120), (Of(first, "quarantined"), Of(first, "duplicates"), Of(first, "customers")));
        Assert.InRange(Of(first, "inputs"), 2_000, 12_000);
        Assert.Superset(
            Stages.ToHashSet(),
            first.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("stage").GetString()!).ToHashSet());
        Assert.True(again.GetProperty("continued").GetBoolean());
        // Only what happened since, and the mark of the opening once more.
        Assert.InRange(Of(again, "inputs"), 2, 200);
        Assert.Equal((0, 1), (Of(again, "quarantined"), Of(again, "duplicates")));

        await LiveAsync(server);
        var last = await RunAsync(server, "demo", "--history-only", "--json");
        Assert.Equal((0, 1), (Of(last, "quarantined"), Of(last, "duplicates")));
        var (exitCode, output) = await CommandLine.RunAsync(server, "verify");
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Another_shop_is_refused_and_changes_nothing()
    {
        await using var server = await ServerProcess.StartAsync(_folder);
        await RunAsync(server, "demo", "--customers", "5", "--years", "1", "--history-only", "--json");

        var (exitCode, output) = await CommandLine.RunAsync(server, "demo", "--seed", "2", "--history-only");

        Assert.Equal(1, exitCode);
        Assert.Contains("--seed 1 --customers 5 --years 1", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Until it has told of live events; then as Ctrl+C ends it.</summary>
    private static async Task LiveAsync(ServerProcess server)
    {
        using var process = CommandLine.Start(server, "demo", "--rate", "50", "--json");
        while (await process.StandardError.ReadLineAsync(Cancel) is { } line)
            if (line.StartsWith("Live:", StringComparison.Ordinal)) break;
        await Signals.InterruptAsync(process.Id);
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);

        Assert.Equal(0, process.ExitCode);
        var live = JsonSerializer.Deserialize<JsonElement>(output).GetProperty("live");
        Assert.True(Of(live, "events") > 100, output);
        Assert.True(Of(live, "orders") > 0, output);
    }

    private static async Task<JsonElement> RunAsync(ServerProcess server, params string[] arguments)
    {
        using var process = CommandLine.Start(server, arguments);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, output + await errors);
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    private static long Of(JsonElement json, string name) => json.GetProperty(name).GetInt64();
}
