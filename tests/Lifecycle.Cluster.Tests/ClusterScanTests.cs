using System.Globalization;
using System.Text;
using System.Text.Json;
using Lifecycle.Cli;
using Lifecycle.Cli.Scan;
using Lifecycle.Cluster.Scan;
using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using Lifecycle.Engine;
using Microsoft.Extensions.Configuration;

namespace Lifecycle.Cluster.Tests;

/// <summary>A client of the cluster reads all customers.</summary>
public sealed class ClusterScanTests(TestDatabase database)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Every_customer_is_there_once_and_as_of_the_cut(int lanes)
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 2);
        await FillAsync(cluster.Silos[0], 400);
        await using var source = Source(cluster, cluster.Silos[1].Gateway);

        var lines = await LinesAsync(source, new(null, ["customer", "available"], ScanRequest.NdJson, lanes));

        Assert.Equal(
            Enumerable.Range(0, 400).Select(i => ($"c{i}", (long)i + 1)).Order(),
            lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Select(
                line => (line.GetProperty("customer").GetString()!, line.GetProperty("available").GetInt64())).Order());
    }

    [Fact]
    public async Task A_filter_and_columns_are_the_servers_own_and_the_database_names_the_processes()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 2);
        await FillAsync(cluster.Silos[0], 50);
        await using var source = Source(cluster, database.ConnectionString);

        var lines = await LinesAsync(
            source, new("customer.points_available >= 48", ["available", "customer"], ScanRequest.Csv, 4));

        Assert.Equal("available,customer", lines[0]);
        Assert.Equal(["48,c47", "49,c48", "50,c49"], lines[1..].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_process_that_leaves_meanwhile_costs_no_customer_and_doubles_none()
    {
        const int Count = 7_000;
        await using var cluster = await TestCluster.StartAsync(database, silos: 1);
        var front = await cluster.AddAsync(("Lifecycle:Cluster:Role", "front"));
        await front.ReadyAsync(Cancel);
        await FillAsync(front, Count);
        await using var source = Source(cluster, front.Gateway);
        var seen = new List<string>();

        await foreach (var page in source.ScanAsync(new(null, ["customer"], ScanRequest.Csv, 1), Cancel))
        {
            if (page.Customers == 0) continue;
            // Most of the pages are still to come: nobody reads further ahead than a few.
            if (seen.Count == 0)
            {
                await cluster.AddAsync();
                await cluster.StopAsync(cluster.Silos[0]);
            }

            seen.AddRange(Split(page.Lines.Span));
        }

        Assert.Equal(Count, seen.Count);
        Assert.Equal(Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task What_cannot_be_scanned_is_said_and_not_tried_again()
    {
        await using var cluster = await TestCluster.StartAsync(database, silos: 1);
        await using var source = Source(cluster, cluster.Silos[0].Gateway);

        var failure = await Assert.ThrowsAsync<CommandFailedException>(
            () => LinesAsync(source, new("customer.pionts > 1", null, ScanRequest.Csv, 2)));

        Assert.Contains("'customer.pionts'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "HOST:PORT")]
    [InlineData("127.0.0.1:70000", "HOST:PORT")]
    [InlineData("Host=127.0.0.1", "names no Database")]
    public async Task An_address_that_is_none_is_refused(string where, string said)
    {
        await using var source = new ClusterSource(where, new ConfigurationBuilder().Build(), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<WrongUsageException>(
            () => LinesAsync(source, new(null, null, ScanRequest.Csv, 1)));

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    private static ClusterSource Source(TestCluster cluster, string where) => new(
        where,
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Lifecycle:Cluster:Id"] = cluster.Name, ["Lifecycle:Postgres:Schema"] = cluster.Name,
        }).Build(),
        TimeProvider.System);

    private static async Task<string[]> LinesAsync(ClusterSource source, ScanRequest request)
    {
        var lines = new List<string>();
        await foreach (var page in source.ScanAsync(request, Cancel)) lines.AddRange(Split(page.Lines.Span));
        return [.. lines];
    }

    private static string[] Split(ReadOnlySpan<byte> lines) => Encoding.UTF8.GetString(lines)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>c0 with one point, c1 with two, and so on.</summary>
    private static async Task FillAsync(TestSilo silo, int count)
    {
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            var inputs = some.Select(i => new CustomerInputs($"c{i}", [new(Given(i))])).ToArray();
            await silo.Engine.Customers.ApplyAsync(inputs, Cancel);
            Assert.All(inputs, one => Assert.IsType<Outcome.Accepted>(Assert.Single(one.Outcomes)));
        }
    }

    private static Input.AdjustPoints Given(int i) => new(i + 1, "test", null)
    {
        Source = "test", Id = string.Create(CultureInfo.InvariantCulture, $"a{i}"),
        OccurredAt = Instant.From(TimeProvider.System.GetUtcNow()),
    };
}
