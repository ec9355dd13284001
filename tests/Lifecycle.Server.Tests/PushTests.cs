using System.Text;
using Lifecycle.Tests.Shared;
using Lifecycle.Tests.Shared.Telemetry;

namespace Lifecycle.Server.Tests;

/// <summary>Metrics and traces of a real process, pushed as the variables of OpenTelemetry say.</summary>
public sealed class PushTests : IDisposable
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Above = "00f067aa0ba902b7";

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-push-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_a_trace_down_to_its_commit_and_metrics_come_by_themselves()
    {
        await using var otlp = new OtlpListener();
        var variables = otlp.Variables;
        variables["OTEL_SERVICE_NAME"] = "shop";
        variables[LaunchedServer.Stage] = "Development";
        await using var server = await new LaunchedServer(
            ["dotnet", LaunchedServer.Program], [$"--Lifecycle:Folder={_folder}", "--Lifecycle:Web:DrainTime=00:00:00"],
            variables).StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = server.Address };
        await http.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events")
        {
            Content = new StringContent(
                """{"id":"e","type":"order.placed","customer":"c","data":{"order_id":"o","amount_minor":12900}}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", "dev");
        request.Headers.Add("traceparent", $"00-{Trace}-{Above}-01");

        using var answer = await http.SendAsync(request, Cancel);
        await otlp.UntilAsync(
            got => got.Spans.Any(span => span.Parent == Above)
                && got.Spans.Any(span => span is { Name: "lifecycle.commit", Trace: Trace })
                && got.Metrics.Any(metric => metric.Name == "lifecycle.journal.entries"),
            Cancel);
        Assert.True(await server.TerminateAsync() == 0, server.Output);

        Assert.Equal(200, (int)answer.StatusCode);
        var spans = otlp.Spans.Where(span => span.Trace == Trace).ToList();
        var asked = Assert.Single(spans, span => span.Parent == Above);
        Assert.Equal(("shop", "POST /v1/events"), (asked.Service, asked.Name));
        Assert.Equal(("/v1/events", "200"), (asked.Tags["http.route"], asked.Tags["http.response.status_code"]));
        Assert.Equal(asked.Id, Assert.Single(spans, span => span.Name == "lifecycle.load").Parent);
        var commit = Assert.Single(spans, span => span.Name == "lifecycle.commit");
        Assert.Equal((asked.Id, "1"), (commit.Parent, commit.Tags["lifecycle.entries"]));
        // The end of a process pushes what is left, and nobody's probes are among it.
        Assert.DoesNotContain(otlp.Spans, span => span.Name.Contains("/health/", StringComparison.Ordinal));
        Assert.Contains(new("shop", "Lifecycle.Engine", "lifecycle.journal.entries"), otlp.Metrics);
        Assert.Contains(new("shop", "System.Runtime", "dotnet.gc.collections"), otlp.Metrics);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
