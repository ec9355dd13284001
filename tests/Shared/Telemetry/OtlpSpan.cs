namespace Lifecycle.Tests.Shared.Telemetry;

/// <summary>A span as it was pushed.</summary>
/// <param name="Process">The resource's <c>service.instance.id</c>.</param>
/// <param name="Source">The source that made it.</param>
/// <param name="Parent">The id of the span above it; empty for none.</param>
/// <param name="Links">The ids of the spans that it is linked with.</param>
internal sealed record OtlpSpan(
    string Service, string Process, string Source, string Name, string Trace, string Id, string Parent,
    IReadOnlyList<string> Links, IReadOnlyDictionary<string, string> Tags)
{
    // Numbers of fields: opentelemetry/proto/trace/v1/trace.proto.
    public static IEnumerable<OtlpSpan> Read(byte[] request) =>
        from resource in ProtoField.Read(request).Where(field => field.Number == 1)
        let attributes = ProtoField.Attributes(resource.Inner(1))
        from scope in resource.All(2)
        let source = scope.Inner(1).Select(field => field.Number == 1 ? field.Text : "").FirstOrDefault("")
        from span in scope.All(2)
        select new OtlpSpan(
            attributes.GetValueOrDefault("service.name", ""), attributes.GetValueOrDefault("service.instance.id", ""),
            source, span.TextOf(5), span.Hex(1), span.Hex(2), span.Hex(4),
            [.. span.All(13).Select(link => link.Hex(2))], ProtoField.Attributes(span.Fields, 9));
}

/// <summary>A metric as it was pushed.</summary>
internal sealed record OtlpMetric(string Service, string Meter, string Name)
{
    // opentelemetry/proto/metrics/v1/metrics.proto.
    public static IEnumerable<OtlpMetric> Read(byte[] request) =>
        from resource in ProtoField.Read(request).Where(field => field.Number == 1)
        let attributes = ProtoField.Attributes(resource.Inner(1))
        from scope in resource.All(2)
        let meter = scope.Inner(1).Select(field => field.Number == 1 ? field.Text : "").FirstOrDefault("")
        from metric in scope.All(2)
        select new OtlpMetric(attributes.GetValueOrDefault("service.name", ""), meter, metric.TextOf(1));
}
