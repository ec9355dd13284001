using Lifecycle.Engine;
using Microsoft.Extensions.Hosting;

namespace Lifecycle.Web.Operations;

/// <summary>Watches readiness from the start, and pushes what is left when everything else has stopped.</summary>
internal sealed class TelemetryService(Telemetry telemetry, WebMeter meter, IReadiness readiness, Drain drain)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        meter.Watch(readiness, drain);
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => telemetry.FlushAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
