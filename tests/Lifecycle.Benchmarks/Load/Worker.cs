using System.Text.Json;

namespace Lifecycle.Benchmarks.Load;

/// <summary>The process of the load: reads jobs from its input, a line each, and answers a line for each.</summary>
internal static class Worker
{
    public static async Task<int> RunAsync()
    {
        // A terminal sends Ctrl+C to all; the one that asks decides.
        Console.CancelKeyPress += (_, e) => e.Cancel = true;
        while (await Console.In.ReadLineAsync() is { } line)
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(await AnswerAsync(line), Job.Json));
        return 0;
    }

    private static async Task<WorkerAnswer> AnswerAsync(string line)
    {
        try
        {
            var job = JsonSerializer.Deserialize<Job>(line, Job.Json)!;
            return new(await job.RunAsync(), null);
        }
        catch (Exception e)
        {
            // It is the reason why a row is not measured.
            return new(null, e.Message);
        }
    }
}

/// <summary>One of the two.</summary>
internal sealed record WorkerAnswer(LoadResult? Result, string? Fault);
