using System.Diagnostics;
using System.Text.Json;

namespace Lifecycle.Overload.Load;

/// <summary>The load in a process of its own: its memory and its threads are not the server's.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    public const string Argument = "load";

    private readonly Process _process = Process.Start(
        new ProcessStartInfo("dotnet", [typeof(LoadProcess).Assembly.Location, Argument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>In that process: runs the plans that come, a line each, and answers a line for each.</summary>
    public static async Task<int> ServeAsync()
    {
        // A terminal sends Ctrl+C to all; the one that asks decides.
        Console.CancelKeyPress += (_, e) => e.Cancel = true;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            using var run = new LoadRun(JsonSerializer.Deserialize<LoadPlan>(line, LoadPlan.Json)!);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(await run.RunAsync(), LoadPlan.Json));
        }

        return 0;
    }

    /// <summary>One plan at a time.</summary>
    public async Task<LoadResult> RunAsync(LoadPlan plan)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(plan, LoadPlan.Json));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The process of the load ended.");
        return JsonSerializer.Deserialize<LoadResult>(line, LoadPlan.Json)!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
