using System.Net;
using System.Net.Sockets;
using Lifecycle.Tests.Shared.Telemetry;
using Lifecycle.Web.Operations;
using Lifecycle.Web.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lifecycle.Web.Tests;

public sealed class MetricsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Our_numbers_move_when_inputs_are_sent_and_are_of_this_host_alone()
    {
        await using var site = await Site.StartAsync();
        await using var other = await Site.StartAsync();
        await other.OrderAsync("elsewhere", "e");
        var before = await ReadAsync(site);

        await site.OrderAsync("c", "first");
        await site.OrderAsync("c", "first");
        await site.OrderAsync("c", "first", amountMinor: 1);
        await site.PostAsync("/v1/events", """{"id":"1","source":"shop"}""");
        await site.PostAsync("/v1/customers/c/points/redeem", """{"points":1000000,"reference":"r"}""");
        var never = await site.PostAsync("/v1/customers/c/what-if", $$"""{"inputs":[{{Sent.Order("c", "never")}}]}""");
        await site.GetAsync("/v1/customers/c/status");
        var after = await ReadAsync(site);

        // What is decided as if is no input.
        Assert.Equal(200, never.Status);
        Assert.Equal(0, before.Sum("lifecycle_inputs_total"));
        Assert.Equal(1, after["lifecycle_inputs_total{outcome=\"accepted\"}"]);
        Assert.Equal(1, after["lifecycle_inputs_total{outcome=\"duplicate\"}"]);
        Assert.Equal(1, after["lifecycle_inputs_total{outcome=\"id_reused\"}"]);
        Assert.Equal(1, after["lifecycle_inputs_total{outcome=\"refused\"}"]);
        Assert.Equal(0, after["lifecycle_inputs_total{outcome=\"stale\"}"]);
        Assert.Equal(1, after["lifecycle_events_quarantined_total{reason=\"id_reused\"}"]);
        Assert.Equal(1, after["lifecycle_events_quarantined_total{reason=\"missing_customer\"}"]);
        Assert.Equal((0, 1), (before["lifecycle_journal_entries_total"], after["lifecycle_journal_entries_total"]));
        Assert.Equal((1, 1), (
            after["lifecycle_journal_commit_size_sum"], after["lifecycle_journal_commit_duration_seconds_count"]));
        Assert.Equal(1, after["lifecycle_customers_activation_duration_seconds_count"]);
        Assert.Equal((0, 1), (before["lifecycle_customers_resident"], after["lifecycle_customers_resident"]));
        Assert.Equal(1, after["lifecycle_ready"]);
        Assert.Equal(10, after["lifecycle_lease_remaining_seconds"]);
        // The store is a file and has no clock.
        Assert.False(after.Has("lifecycle_clock_offset_seconds"));
        Assert.True(after.Sum("http_server_request_duration_seconds_count") >= 7);
        Assert.True(after.Sum("dotnet_process_cpu_time_seconds_total") > 0);
        Assert.Equal("counter", after.Types["lifecycle_inputs_total"]);
        Assert.Equal("gauge", after.Types["lifecycle_inputs_active"]);
        Assert.Equal("histogram", after.Types["lifecycle_journal_commit_duration_seconds"]);
    }

    [Fact]
    public async Task The_table_in_the_documentation_names_every_metric_of_ours_and_no_other()
    {
        await using var site = await Site.StartAsync();
        await site.PostAsync("/v1/events", $$"""[{{Sent.Visit("c", "e")}},{"id":"1"}]""");
        var served = (await ReadAsync(site)).Types.Keys.Where(IsOurs).ToHashSet();
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Lifecycle.sln"))) root = Path.GetDirectoryName(root)!;
        var documented = File.ReadLines(Path.Combine(root, "docs", "operations.md"))
            .Where(line => line.StartsWith("| `lifecycle_", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).ToHashSet();

        Assert.Empty(served.Except(documented));
        // Those need a refusal, PostgreSQL, or a cluster.
        Assert.Equal(
            [
                "lifecycle_clock_offset_seconds", "lifecycle_cluster_calls_repeated_total", "lifecycle_cluster_members",
                "lifecycle_requests_refused_total",
            ],
            documented.Except(served).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task They_take_a_key_with_their_own_role_which_opens_nothing_else()
    {
        await using var site = await Site.StartAsync();
        var monitor = await KeyAsync(site, "monitor");
        var analyst = await KeyAsync(site, "analyst");

        var none = await site.GetAsync("/metrics", ("Authorization", ""));
        var other = await site.GetAsync("/metrics", analyst);
        var own = await site.GetAsync("/metrics", monitor);
        var elsewhere = await site.GetAsync("/v1/reports", monitor);

        Assert.Equal((401, "unauthenticated"), (none.Status, none.Problem));
        Assert.Equal((403, "forbidden"), (other.Status, other.Problem));
        Assert.Equal((200, "text/plain"), (own.Status, own.MediaType));
        Assert.Equal(403, elsewhere.Status);
    }

    [Fact]
    public async Task They_are_open_where_the_option_says_so()
    {
        await using var site = await Site.StartAsync(settings: ("Lifecycle:Web:MetricsOpen", "true"));

        Assert.Equal(200, (await site.GetAsync("/metrics", ("Authorization", ""))).Status);
    }

    [Fact]
    public async Task They_are_answered_while_nothing_else_is()
    {
        await using var site = await Site.StartAsync(settings:
            [("Lifecycle:Web:RequestsMax", "1"), ("Lifecycle:Web:RequestsWaitingMax", "0")]);
        var waiting = site.GetAsync("/v1/feed?wait=20");
        while ((await ReadAsync(site))["lifecycle_requests_active{kind=\"read\"}"] == 0) await Task.Yield();

        var full = await site.GetAsync("/v1/reports");
        var metrics = await ReadAsync(site);
        await site.OrderAsync("c", "e");

        Assert.Equal((429, "overloaded"), (full.Status, full.Problem));
        Assert.Equal(1, metrics["lifecycle_requests_refused_total{code=\"overloaded\"}"]);
        Assert.Equal(200, (await waiting).Status);
    }

    [Fact]
    public async Task A_collector_that_never_answers_hinders_nobody()
    {
        // It takes connections and says nothing: worse than one that is not there.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var site = await Site.StartAsync(settings:
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{silent.LocalEndpoint}"), ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "50"),
        ]);
        using var connection = await silent.AcceptTcpClientAsync(Cancel);

        for (var i = 0; i < 20; i++) Assert.Equal(200, (await site.OrderAsync("c", $"e{i}")).Status);
        Assert.Equal(20, (await ReadAsync(site))["lifecycle_journal_entries_total"]);
        await site.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    [Fact]
    public async Task An_endpoint_that_is_no_address_is_said_and_nothing_else_suffers()
    {
        var said = new List<string>();
        await using var site = await Site.StartAsync(
            services: services => services.AddSingleton<ILogger<Telemetry>>(new Lines(said)),
            settings: ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"));

        Assert.Equal(200, (await site.OrderAsync("c", "e")).Status);
        Assert.Equal(1, (await ReadAsync(site))["lifecycle_journal_entries_total"]);
        Assert.StartsWith("OTEL_EXPORTER_OTLP_ENDPOINT names no address", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_turns_OpenTelemetry_off_gets_no_metrics_and_all_the_rest()
    {
        await using var site = await Site.StartAsync(settings: ("OTEL_SDK_DISABLED", "true"));

        Assert.Equal(200, (await site.OrderAsync("c", "e")).Status);
        var metrics = await site.GetAsync("/metrics");
        Assert.Equal((404, "not_found"), (metrics.Status, metrics.Problem));
    }

    /// <summary>Keeps what is logged.</summary>
    private sealed class Lines(List<string> said) : ILogger<Telemetry>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => said.Add(formatter(state, exception));
    }

    private static bool IsOurs(string name) => name.StartsWith("lifecycle_", StringComparison.Ordinal);

    private static async Task<PrometheusText> ReadAsync(Site site)
    {
        var answer = await site.GetAsync("/metrics");
        Assert.True(answer.Status == 200, answer.Body);
        return PrometheusText.Parse(answer.Body);
    }

    private static async Task<(string, string)> KeyAsync(Site site, string role)
    {
        var made = await site.PostAsync("/v1/admin/keys", $$"""{"name":"of the test","roles":["{{role}}"]}""");
        return ("Authorization", $"Bearer {made.Text("key")}");
    }
}
