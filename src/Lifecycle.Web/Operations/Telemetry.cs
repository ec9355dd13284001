using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Lifecycle.Web.Operations;

/// <summary>
/// The process's metrics and traces: added up for whoever scrapes <c>/metrics</c>, and pushed where the variables of
/// OpenTelemetry say so. Traces are made only where they are pushed.
/// </summary>
public sealed class Telemetry : IDisposable
{
    /// <summary>What the process is called where <c>OTEL_SERVICE_NAME</c> does not say.</summary>
    private const string ServiceName = "lifecycle";

    private const string HttpRequests = "Microsoft.AspNetCore.Hosting";

    /// <summary>
    /// Rows of one metric. Room for them is taken at once, and hardly one of ours has ten; with more they are added up in
    /// one.
    /// </summary>
    private const int RowsMax = 100;

    /// <summary>What is left to be pushed when the process stops may take so long.</summary>
    private const int LastPushMilliseconds = 3_000;

    /// <remarks>Those of Orleans are not there without a cluster, nor those of Npgsql without PostgreSQL.</remarks>
    private static readonly string[] Meters =
    [
        "Lifecycle.Engine", "Lifecycle.Web", "Lifecycle.Cluster", HttpRequests, "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.Orleans", "Npgsql", "System.Runtime",
    ];

    /// <summary>Made of texts for each message between processes: they cost a status from another one a third more.</summary>
    private static readonly string[] OfEachMessage =
        ["orleans-messaging-sent-messages-size", "orleans-messaging-received-messages-size"];

    private static readonly string[] Sources =
        ["Lifecycle.Engine", RequestSpans.Source, "Microsoft.Orleans.Application", .. AskedOnly.Sources];

    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;

    public Telemetry(IConfiguration configuration, IMeterFactory factory, ILogger<Telemetry> logger)
    {
        var settings = new TelemetrySettings(configuration);
        IsOff = settings.IsOff;
        foreach (var wrong in settings.Wrong) WebLog.NotPushed(logger, wrong);
        var metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Describe)
            .AddMeter(Meters)
            .AddView(instrument => ViewOf(instrument, factory))
            // Each scrape is of its own moment.
            .AddPrometheusExporter(prometheus =>
            {
                prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
                // No two meters have one name in common.
                prometheus.ScopeInfoEnabled = false;
            });
        if (settings.PushesMetrics) metrics.AddOtlpExporter(settings.ApplyToMetrics);
        _metrics = metrics.Build()!;
        if (!settings.PushesTraces) return;
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Describe)
            .AddSource(Sources)
            .AddProcessor(new AskedOnly())
            .AddOtlpExporter(settings.ApplyToTraces)
            .Build();
    }

    /// <summary>
    /// Whether calls between processes are to carry their trace: it costs each of them something, so not without need.
    /// </summary>
    public static bool PushesTraces(IConfiguration configuration) => new TelemetrySettings(configuration).PushesTraces;

    internal MeterProvider Metrics => _metrics;

    internal bool HasTraces => _traces is not null;

    /// <summary>The variable that turns all of OpenTelemetry off says so: there is nothing to scrape either.</summary>
    internal bool IsOff { get; }

    /// <summary>Pushes what is left; waits for it no longer than a moment.</summary>
    internal Task FlushAsync() => Task.WhenAll(
        Task.Run(() => _metrics.Shutdown(LastPushMilliseconds)),
        Task.Run(() => _traces?.Shutdown(LastPushMilliseconds)));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics.Dispose();
    }

    /// <remarks>What the variables say comes last and wins.</remarks>
    private static void Describe(ResourceBuilder resource) => resource
        .AddService(
            ServiceName, serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3),
            autoGenerateServiceInstanceId: false, serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}")
        .AddEnvironmentVariableDetector();

    private static MetricStreamConfiguration? ViewOf(Instrument instrument, IMeterFactory factory)
    {
        // Of another host in this process: theirs and ours would be added up under one name.
        if (instrument.Meter.Scope is IMeterFactory owner && owner != factory) return MetricStreamConfiguration.Drop;
        if (OfEachMessage.Contains(instrument.Name)) return MetricStreamConfiguration.Drop;
        // By route, method and status they are more.
        return instrument.Meter.Name == HttpRequests ? null : new() { CardinalityLimit = RowsMax };
    }
}
