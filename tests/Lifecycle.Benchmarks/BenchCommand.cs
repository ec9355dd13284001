using System.CommandLine;
using System.ComponentModel.DataAnnotations;

namespace Lifecycle.Benchmarks;

/// <summary>The command line of <c>./bench</c>.</summary>
internal static class BenchCommand
{
    private const int NotMeasured = 1;
    private const int WrongUsage = 2;
    private const int Interrupted = 130;

    public static RootCommand Make()
    {
        var quick = new Option<bool>("--quick")
        {
            Description = "Inside 4 minutes: the rows with a target, in short rounds over fewer customers.",
        };
        var sustained = new Option<bool>("--sustained")
        {
            Description = "Five minutes of ingest into each store instead of the table; takes about 25.",
        };
        var only = new Option<string[]>("--only")
        {
            Description = "Only rows whose names contain this; may be given several times. See --list.",
        };
        var alone = new Option<bool>("--alone")
        {
            Description = "Without the baselines: for a profiler beside it. No figure of such a run is to be quoted.",
        };
        var list = new Option<bool>("--list") { Description = "The names of the rows, and end." };
        var output = new Option<string?>("--output") { Description = "Write the results to this file too, as JSON." };
        var folder = new Option<string?>("--folder")
        {
            Description = "A folder on the disk that is to be measured; what the run puts there is deleted at its end.",
        };
        var rounds = new Option<int?>("--rounds") { Description = "Rounds of each row, 1 to 100." };
        var seconds = new Option<double?>("--seconds") { Description = "How long a round takes, 0.2 to 600." };
        var resident = new Option<int?>("--resident")
        {
            Description = "Customers of the rows about resident ones, 1,000 to 1,000,000.",
        };
        var many = new Option<int?>("--many")
        {
            Description = "Customers of the rows about many, 10,000 to 1,000,000.",
        };
        var history = new Option<string?>("--history")
        {
            Description = "A data folder whose customers the rows fold and memory are about, instead of made ones.",
        };
        var command = new RootCommand("Measures Lifecycle beside what one would use instead, and prints one table.")
        {
            quick, sustained, only, alone, list, output, folder, rounds, seconds, resident, many, history,
        };
        command.SetAction((parsed, cancel) =>
        {
            var start = parsed.GetValue(sustained) ? BenchOptions.Long
                : parsed.GetValue(quick) ? BenchOptions.Quick : BenchOptions.Full;
            var options = start with
            {
                Only = parsed.GetValue(only) is { Length: > 0 } names ? names : start.Only,
                Alone = parsed.GetValue(alone),
                History = parsed.GetValue(history),
                Output = parsed.GetValue(output),
                Folder = parsed.GetValue(folder) ?? start.Folder,
                Rounds = parsed.GetValue(rounds) ?? start.Rounds,
                RoundTime = parsed.GetValue(seconds) is { } s ? TimeSpan.FromSeconds(s) : start.RoundTime,
                Resident = parsed.GetValue(resident) ?? start.Resident,
                Many = parsed.GetValue(many) ?? start.Many,
            };
            return RunAsync(options, parsed.GetValue(list), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(BenchOptions options, bool list, CancellationToken cancel)
    {
        try
        {
            Validator.ValidateObject(options, new(options), validateAllProperties: true);
            if (list) return Bench.List(options);
            return await Bench.RunAsync(options, cancel) ? 0 : NotMeasured;
        }
        catch (ValidationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongUsage;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted; what the run had made is deleted.");
            return Interrupted;
        }
    }
}
