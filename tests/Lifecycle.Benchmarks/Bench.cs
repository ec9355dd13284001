using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Lifecycle.Benchmarks.Figures;
using Lifecycle.Benchmarks.Load;
using Lifecycle.Benchmarks.Machine;
using Lifecycle.Benchmarks.Rows;

namespace Lifecycle.Benchmarks;

/// <summary>One run: the stages one after the other, then the table.</summary>
internal static class Bench
{
    /// <summary>True when every chosen row was measured. Figures never fail a run.</summary>
    /// <exception cref="ValidationException">No row is chosen.</exception>
    public static async Task<bool> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        var chosen = RowsOf(options).Select(row => row.Name).ToHashSet();
        if (chosen.Count == 0) throw new ValidationException("No row has such a name: --list shows them.");
        var started = Stopwatch.GetTimestamp();
        var folder = Directory.CreateDirectory(
            Path.Combine(options.Folder, $"lifecycle-bench-{Path.GetRandomFileName()}")).FullName;
        var results = new List<RowResult>();
        var conditions = new Conditions();
        // The end of its time ends a run, but not as Ctrl+C does: what was measured is printed.
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(options.Longest);
        try
        {
            conditions.Add(folder, options);
            await using var worker = WorkerProcess.Start();
            var setting = new Setting(options, folder, worker, conditions);
            foreach (var make in Stages.All)
            {
                await using var stage = make(setting);
                var rows = stage.Rows.Where(row => chosen.Contains(row.Name))
                    .Select(row => options.Alone ? row with { Comparisons = [] } : row).ToList();
                if (rows.Count == 0) continue;
                results.AddRange(await StageRun.RunAsync(
                    stage, rows, options,
                    text => Console.WriteLine($"{Stopwatch.GetElapsedTime(started):mm\\:ss} {text}"), time.Token));
                cancel.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Console.WriteLine();
        Console.WriteLine(Report.Render(results));
        Console.WriteLine(Report.Legend);
        Console.WriteLine($"The run took {Stopwatch.GetElapsedTime(started):mm\\:ss}.");
        if (options.Output is { } path) await JsonReport.WriteAsync(path, conditions.All, results);
        return results.TrueForAll(result => result.Reason is null);
    }

    /// <summary>Prints the names of the rows.</summary>
    public static int List(BenchOptions options)
    {
        var table = new TextTable("name", "what");
        foreach (var row in RowsOf(options)) table.Add(row.Name, row.What);
        Console.Write(table);
        return 0;
    }

    /// <summary>The rows that the options choose.</summary>
    public static List<Row> RowsOf(BenchOptions options)
    {
        // Nothing is prepared for a name: the setting stays empty.
        var all = Stages.All.SelectMany(make => make(new Setting(options, "", null!, new())).Rows).ToList();
        if (options.Only.Count == 0) return all.FindAll(row => row.IsQuick || !options.IsQuick);
        var names = all.Select(row => row.Name).ToHashSet();
        return all.FindAll(row => options.Only.Any(name => names.Contains(name)
            ? row.Name == name
            : row.Name.Contains(name, StringComparison.OrdinalIgnoreCase)));
    }
}
