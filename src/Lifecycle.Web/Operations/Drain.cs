using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lifecycle.Web.Operations;

/// <summary>
/// Between the signal to stop and the stop itself: the process says that it is not ready, still takes what comes, and
/// asks every client to close its connection with the answer. One that is closed under a client might have carried a
/// request just then, and nobody would know whether it was taken.
/// </summary>
internal sealed class Drain(IOptions<WebOptions> options, IHostEnvironment environment, ILogger<Drain> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan TimeDefault = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _over = new();
    private volatile bool _isUnderWay;

    public bool IsUnderWay => _isUnderWay;

    /// <summary>
    /// Cancelled when the drain is over, which is what ends answers that have no end of their own. At the signal their
    /// readers would come back to this process at once, again and again, as long as it takes what comes.
    /// </summary>
    public CancellationToken Over => _over.Token;

    /// <summary>How long it takes: without a setting nobody in development waits for it.</summary>
    public static TimeSpan TimeOf(WebOptions options, IHostEnvironment environment) =>
        options.DrainTime ?? (environment.IsDevelopment() ? TimeSpan.Zero : TimeDefault);

    /// <summary>To be called before anything is answered.</summary>
    public void Part(HttpContext http)
    {
        // HTTP/2 says so in a frame of its own, once the server stops.
        if (_isUnderWay && HttpProtocol.IsHttp11(http.Request.Protocol)) http.Response.Headers.Connection = "close";
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped twice drains once.
        if (_isUnderWay) return;
        _isUnderWay = true;
        var drain = TimeOf(options.Value, environment);
        if (drain > TimeSpan.Zero) WebLog.Draining(logger, drain.TotalSeconds);
        try
        {
            // In real time whatever the clock of the process: who is waited for are others.
            await Task.Delay(drain, cancellationToken);
        }
        finally
        {
            await _over.CancelAsync();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _over.Dispose();
}
