using System.Net.Http.Json;
using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Tests.Shared;
using Lifecycle.Tests.Shared.Telemetry;

namespace Lifecycle.Cluster.Tests;

/// <summary>Metrics and traces of two real processes: one answers HTTP, the other one has the customers.</summary>
public sealed class TelemetryTests(TestDatabase database)
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Above = "b7ad6b7169203331";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_one_trace_across_processes_and_each_shows_what_Orleans_does()
    {
        await using var otlp = new OtlpListener();
        var name = database.NextName();
        await using var front = await StartAsync("front", name, otlp);
        await using var worker = await StartAsync("worker", name, otlp);
        using var http = new HttpClient();
        var monitor = await front.MakeKeyAsync("prometheus", ["monitor"], Cancel);
        var till = await front.MakeKeyAsync("till", ["ingest"], Cancel);
        await UntilReadyAsync(http, worker, front);

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(front.Address, "/v1/events"));
        request.Headers.Authorization = new("Bearer", till);
        request.Headers.Add("traceparent", $"00-{Trace}-{Above}-01");
        request.Content = JsonContent.Create(new
        {
            id = "e", type = "order.placed", customer = "c", data = new { order_id = "o", amount_minor = 12_900 },
        });
        using (var answer = await http.SendAsync(request, Cancel))
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        await otlp.UntilAsync(IsWhole, Cancel);

        // From the commit up to the request: the worker's own call, the front's call to it, and what came by HTTP.
        var spans = otlp.Spans.Where(span => span.Trace == Trace).ToDictionary(span => span.Id);
        var commit = Assert.Single(spans.Values, span => span.Name == "lifecycle.commit");
        var (taken, sent) = (spans[commit.Parent], spans[spans[commit.Parent].Parent]);
        var asked = spans[sent.Parent];
        Assert.Equal(("POST /v1/events", Above), (asked.Name, asked.Parent));
        Assert.Equal(["Microsoft.Orleans.Application"], new[] { taken, sent }.Select(span => span.Source).Distinct());
        Assert.Equal((commit.Process, asked.Process), (taken.Process, sent.Process));
        Assert.NotEqual(commit.Process, asked.Process);
        Assert.Contains(spans.Values, span => span.Source == "Npgsql" && span.Parent == commit.Id);
        // What nobody asked for is not there.
        Assert.DoesNotContain(otlp.Spans, span => span.Source == "Npgsql" && span.Parent.Length == 0);

        var (holds, answers) = (await ReadAsync(http, worker, monitor), await ReadAsync(http, front, monitor));
        foreach (var metrics in new[] { holds, answers })
        {
            Assert.Equal(2, metrics["lifecycle_cluster_members{state=\"active\"}"]);
            Assert.Equal(1, metrics["lifecycle_ready"]);
            Assert.InRange(metrics["lifecycle_clock_offset_seconds"], -1, 1);
            Assert.InRange(metrics["lifecycle_lease_remaining_seconds"], 0.1, 10);
            Assert.DoesNotContain(metrics.Types.Keys, name => name.Contains("messages_size", StringComparison.Ordinal));
            Assert.True(metrics.Sum("orleans_system_targets") > 0);
            Assert.True(metrics.Sum("db_client_connection_count") > 0);
        }

        Assert.Equal((1, 0), (holds["lifecycle_journal_entries_total"], answers["lifecycle_journal_entries_total"]));
        Assert.True(holds.Sum("orleans_catalog_activation_created_total") > 0);
        using var refused = await http.GetAsync(new Uri(worker.Address, "/metrics"), Cancel);
        Assert.Equal(401, (int)refused.StatusCode);
    }

    private static bool IsWhole(OtlpListener otlp) =>
        otlp.Spans.Any(span => span.Parent == Above)
        && otlp.Spans.Any(span => span is { Trace: Trace, Name: "lifecycle.commit" })
        && otlp.Spans.Count(span => span is { Trace: Trace, Source: "Microsoft.Orleans.Application" }) == 2;

    private async Task<LaunchedServer> StartAsync(string role, string name, OtlpListener otlp)
    {
        var (silo, gateway) = TestSilo.FreePorts();
        return await new LaunchedServer(
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "Lifecycle.Cluster.dll")],
            [
                $"--role={role}", $"--Lifecycle:Folder={database.FolderOf(name)}",
                $"--Lifecycle:Postgres:ConnectionString={database.ConnectionString}",
                $"--Lifecycle:Postgres:Schema={name}", $"--Lifecycle:Cluster:Id={name}",
                $"--Lifecycle:Cluster:SiloPort={silo}", $"--Lifecycle:Cluster:GatewayPort={gateway}",
                "--Lifecycle:Web:DrainTime=00:00:00",
            ],
            otlp.Variables).StartAsync(Cancel);
    }

    private static async Task UntilReadyAsync(HttpClient http, params LaunchedServer[] processes)
    {
        foreach (var process in processes)
        {
            while (true)
            {
                using var answer = await http.GetAsync(new Uri(process.Address, "/health/ready"), Cancel);
                if (answer.IsSuccessStatusCode) break;
                await Task.Delay(50, Cancel);
            }
        }
    }

    private static async Task<PrometheusText> ReadAsync(HttpClient http, LaunchedServer process, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(process.Address, "/metrics"));
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await http.SendAsync(request, Cancel);
        answer.EnsureSuccessStatusCode();
        return PrometheusText.Parse(await answer.Content.ReadAsStringAsync(Cancel));
    }
}
