using System.Diagnostics.Metrics;
using Lifecycle.Engine;
using Lifecycle.Web.Access;

namespace Lifecycle.Web.Operations;

/// <summary>
/// The meter <c>Lifecycle.Web</c>: what is under way, what waits, what is refused. Names are for ever; the table of all is in
/// docs/operations.md.
/// </summary>
internal sealed class WebMeter
{
    public const string Name = "Lifecycle.Web";

    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _quarantined;

    public WebMeter(IMeterFactory meters)
    {
        // The factory owns it.
        _meter = meters.Create(Name);
        _refused = _meter.CreateCounter<long>(
            "lifecycle.requests.refused", "{request}", "Requests that were answered 429, by code.");
        _quarantined = _meter.CreateCounter<long>(
            "lifecycle.events.quarantined", "{event}", "Events that were put into quarantine, by reason.");
    }

    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Quarantined(string reason) =>
        _quarantined.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="kind"><c>read</c> or <c>write</c>.</param>
    public void Watch(string kind, RequestRoom room)
    {
        var tag = new KeyValuePair<string, object?>("kind", kind);
        _meter.CreateObservableGauge(
            "lifecycle.requests.active", () => new Measurement<int>(room.Active, tag), "{request}",
            "Requests under way.");
        _meter.CreateObservableGauge(
            "lifecycle.requests.waiting", () => new Measurement<int>(room.Waiting, tag), "{request}",
            "Requests that wait for their turn.");
    }

    public void Watch(IReadiness readiness, Drain drain) => _meter.CreateObservableGauge(
        "lifecycle.ready", () => HealthEndpoints.ProblemsOf(readiness, drain).Count == 0 ? 1 : 0, null,
        "1 while the process can do its work, else 0.");

    public void Watch(BodyRoom room) => _meter.CreateObservableGauge(
        "lifecycle.bodies", () => room.Bytes, "By", "Bytes of the bodies of requests under way.");
}
