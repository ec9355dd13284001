using System.Diagnostics.Metrics;
using Lifecycle.Engine.Actors;

namespace Lifecycle.Engine.Hosting;

/// <summary>The meter <c>Lifecycle.Engine</c>: what is under way and what waits. Names are for ever.</summary>
internal sealed class EngineMeter : IDisposable
{
    public const string Name = "Lifecycle.Engine";

    private readonly Meter _meter = new(Name);

    public EngineMeter(OneProcessCustomers customers, JournalWriter writer)
    {
        _meter.CreateObservableGauge(
            "lifecycle.inputs.active", () => customers.InputsInFlight, "{input}", "Inputs under way.");
        _meter.CreateObservableGauge(
            "lifecycle.journal.queued", () => writer.Queued, "{submission}", "Submissions that wait for a transaction.");
        _meter.CreateObservableGauge(
            "lifecycle.customers.resident", () => customers.Residents, "{customer}", "Customers in memory.");
    }

    public void Dispose() => _meter.Dispose();
}
