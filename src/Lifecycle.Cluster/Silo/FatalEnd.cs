using Lifecycle.Engine.Hosting;

namespace Lifecycle.Cluster.Silo;

/// <summary>
/// Ends a process that the cluster goes on without, in place of Orleans' own handler: that one breaks the process off
/// with a dump, which an operator takes for a bug.
/// </summary>
internal sealed class FatalEnd(IServiceProvider services, TimeProvider time, ILogger<FatalEnd> logger)
    : IFatalErrorHandler
{
    /// <summary>Tells this end from a start that failed.</summary>
    public const int ExitCode = 3;

    /// <summary>Loggers write in the background.</summary>
    private static readonly TimeSpan LogTime = TimeSpan.FromMilliseconds(500);

    private int _ending;

    public bool IsUnexpected(Exception exception) => true;

    /// <remarks>
    /// Not as a stop by an operator: there is nothing to hand over, and nobody may be answered meanwhile.
    /// </remarks>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        // Asked for here and not before: the engine is made with what needs this handler.
        services.GetService<LifecycleEngine>()?.Gate.Close();
        if (Interlocked.Exchange(ref _ending, 1) == 1) return;
        ClusterLog.Ending(logger, context ?? sender?.ToString() ?? "", ExitCode, exception);
        _ = EndAsync();
    }

    private async Task EndAsync()
    {
        await Task.Delay(LogTime, time);
        Environment.Exit(ExitCode);
    }
}
