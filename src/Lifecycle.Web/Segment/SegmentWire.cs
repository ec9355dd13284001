using System.Text.Json.Serialization;

namespace Lifecycle.Web.Segment;

/// <summary>What became of a request's messages.</summary>
/// <param name="Success">Always true: the request was taken, whatever single messages went to quarantine.</param>
/// <param name="Accepted">Taken now.</param>
/// <param name="Duplicates">Taken by an earlier delivery.</param>
/// <param name="Quarantined">Not understood; they wait to be corrected.</param>
/// <param name="Rejections">The messages in quarantine, the first 100 of them.</param>
public sealed record SegmentWire(
    bool Success, int Accepted, int Duplicates, int Quarantined, IReadOnlyList<SegmentRejection> Rejections);

/// <summary>A message that was not taken and waits in quarantine.</summary>
/// <param name="Index">Which message of the request, from 0.</param>
/// <param name="MessageId">As far as it could be read.</param>
/// <param name="Code">The reason, a stable name.</param>
/// <param name="Message">For a person: what is wrong.</param>
public sealed record SegmentRejection(int Index, string? MessageId, string Code, string Message);

/// <summary>What a browser client asks for before it sends.</summary>
public sealed record SegmentSettingsWire
{
    /// <summary>Where to send: <c>Segment.io</c> is this server.</summary>
    [JsonPropertyName("integrations")]
    public required IReadOnlyDictionary<string, SegmentIntegration> Integrations { get; init; }

    /// <summary>Nothing is blocked.</summary>
    [JsonPropertyName("plan")]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, SegmentPlan>> Plan { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, SegmentPlan>>
        {
            ["track"] = new Dictionary<string, SegmentPlan> { ["__default"] = new() },
        };

    /// <summary>None.</summary>
    [JsonPropertyName("edgeFunction")]
    public IReadOnlyDictionary<string, string> EdgeFunction { get; init; } = new Dictionary<string, string>();

    /// <summary>None.</summary>
    [JsonPropertyName("middlewareSettings")]
    public IReadOnlyDictionary<string, string> MiddlewareSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>None.</summary>
    [JsonPropertyName("enabledMiddleware")]
    public IReadOnlyDictionary<string, bool> EnabledMiddleware { get; init; } = new Dictionary<string, bool>();

    /// <summary>None.</summary>
    [JsonPropertyName("remotePlugins")]
    public IReadOnlyList<string> RemotePlugins { get; init; } = [];

    /// <summary>Always true.</summary>
    [JsonPropertyName("analyticsNextEnabled")]
    public bool AnalyticsNextEnabled { get; init; } = true;

    /// <summary>What a client measures of itself.</summary>
    [JsonPropertyName("metrics")]
    public SegmentMetrics Metrics { get; init; } = new(0);
}

/// <summary>Where a client sends.</summary>
/// <param name="ApiKey">The write key that was asked about.</param>
/// <param name="ApiHost">Where to send: host and path, without the scheme.</param>
/// <param name="Protocol">The scheme.</param>
public sealed record SegmentIntegration(
    [property: JsonPropertyName("apiKey")] string ApiKey, [property: JsonPropertyName("apiHost")] string ApiHost,
    [property: JsonPropertyName("protocol")] string Protocol);

/// <summary>Which events a client may send.</summary>
public sealed record SegmentPlan
{
    /// <summary>Always true.</summary>
    [JsonPropertyName("enabled")]
    public bool Enabled { get; init; } = true;

    /// <summary>None.</summary>
    [JsonPropertyName("integrations")]
    public IReadOnlyDictionary<string, bool> Integrations { get; init; } = new Dictionary<string, bool>();
}

/// <summary>What a client measures of itself.</summary>
/// <param name="SampleRate">0: a client keeps its own measurements to itself.</param>
public sealed record SegmentMetrics([property: JsonPropertyName("sampleRate")] double SampleRate);

/// <summary>What a RudderStack browser client asks for before it sends.</summary>
public sealed record RudderSourceWire([property: JsonPropertyName("source")] RudderSource Source);

public sealed record RudderSource(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("writeKey")] string WriteKey)
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "lifecycle";

    [JsonPropertyName("enabled")]
    public bool Enabled { get; init; } = true;

    [JsonPropertyName("workspaceId")]
    public string WorkspaceId { get; init; } = "lifecycle";

    [JsonPropertyName("config")]
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    [JsonPropertyName("destinations")]
    public IReadOnlyList<string> Destinations { get; init; } = [];
}

/// <param name="NodeCount">Any node takes any event.</param>
public sealed record RudderClusterWire([property: JsonPropertyName("nodeCount")] int NodeCount);
