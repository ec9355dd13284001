using System.Diagnostics.Metrics;

namespace Lifecycle.Engine.Hosting;

/// <summary>The meter <c>Lifecycle.Engine</c>: what is under way and what waits. Names are for ever.</summary>
/// <remarks>The host's, not the engine's: every meter is known to the process, and holds what it reads, until disposed.</remarks>
internal sealed class EngineMeter : IDisposable
{
    public const string Name = "Lifecycle.Engine";

    private readonly Meter _meter = new(Name);

    public EngineMeter(LifecycleEngine engine)
    {
        _meter.CreateObservableGauge(
            "lifecycle.inputs.active", () => engine.InputsInFlight, "{input}", "Inputs under way.");
        _meter.CreateObservableGauge(
            "lifecycle.journal.queued", () => engine.JournalQueued, "{submission}", "Submissions that wait for a transaction.");
        _meter.CreateObservableGauge(
            "lifecycle.customers.resident", () => engine.Residents, "{customer}", "Customers in memory.");
    }

    public void Dispose() => _meter.Dispose();
}
