using System.Diagnostics;
using System.Text.Json;

namespace Lifecycle.Benchmarks.Load;

/// <summary>The load in a process of its own, so that its processor time is told apart.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    public const string Argument = "worker";

    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    public static WorkerProcess Start() => new(Process.Start(
        new ProcessStartInfo("dotnet", [typeof(WorkerProcess).Assembly.Location, Argument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);

    /// <summary>One job at a time.</summary>
    /// <exception cref="InvalidOperationException">The job failed; the message says why.</exception>
    public async Task<LoadResult> RunAsync(Job job, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job, Job.Json).AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
        var line = await _process.StandardOutput.ReadLineAsync(cancel)
            ?? throw new InvalidOperationException("The process of the load ended.");
        var answer = JsonSerializer.Deserialize<WorkerAnswer>(line, Job.Json)!;
        return answer.Result ?? throw new InvalidOperationException(answer.Fault);
    }

    public async ValueTask DisposeAsync()
    {
        // Also in the middle of a job: nobody waits for its answer any more.
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
