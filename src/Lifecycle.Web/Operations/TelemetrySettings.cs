using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Lifecycle.Web.Operations;

/// <summary>
/// Where the variables of OpenTelemetry say that metrics and traces go. The exporter reads most of them itself; it pushes
/// to this machine where none names an endpoint, and knows nothing of one that is for traces or metrics alone.
/// </summary>
internal sealed class TelemetrySettings(IConfiguration configuration)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP";
    private const string MetricsSignal = "METRICS";
    private const string TracesSignal = "TRACES";

    public bool PushesMetrics { get; } = Pushes(configuration, MetricsSignal);

    public bool PushesTraces { get; } = Pushes(configuration, TracesSignal);

    public bool IsOff { get; } = IsSwitchedOff(configuration);

    /// <summary>Variables that name no address.</summary>
    public IEnumerable<string> Wrong => new[] { $"{Prefix}_ENDPOINT", Named(MetricsSignal), Named(TracesSignal) }
        .Where(name => configuration[name] is { Length: > 0 } value && AddressOf(value) is null);

    public void ApplyToMetrics(OtlpExporterOptions options) => Apply(options, MetricsSignal);

    public void ApplyToTraces(OtlpExporterOptions options) => Apply(options, TracesSignal);

    private void Apply(OtlpExporterOptions options, string signal)
    {
        if (configuration[$"{Prefix}_{signal}_PROTOCOL"] is { } protocol)
            options.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        if (configuration[$"{Prefix}_{signal}_HEADERS"] is { } headers) options.Headers = headers;
        // Taken as it is, without a path behind it.
        if (AddressOf(configuration[Named(signal)]) is { } endpoint) options.Endpoint = endpoint;
    }

    private static bool Pushes(IConfiguration configuration, string signal)
    {
        if (IsSwitchedOff(configuration) || configuration[$"OTEL_{signal}_EXPORTER"] is "none") return false;
        var endpoint = configuration[Named(signal)] is { Length: > 0 } own ? own : configuration[$"{Prefix}_ENDPOINT"];
        return AddressOf(endpoint) is not null;
    }

    private static bool IsSwitchedOff(IConfiguration configuration) =>
        bool.TryParse(configuration["OTEL_SDK_DISABLED"], out var isOff) && isOff;

    private static string Named(string signal) => $"{Prefix}_{signal}_ENDPOINT";

    private static Uri? AddressOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
}
