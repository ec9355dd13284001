using System.CommandLine;
using Lifecycle.Crash.Disk;
using Lifecycle.Tests.Shared.Usage;

namespace Lifecycle.Crash;

/// <summary>The command line of crash runs.</summary>
internal static class CrashCommand
{
    private const int CountMax = 1_000_000;
    private const int MinutesMax = 100_000;

    public static RootCommand Make()
    {
        var defaults = new CrashOptions();
        var store = new Option<string>("--store")
        {
            Description = "sqlite or postgres.", DefaultValueFactory = _ => defaults.Store,
        };
        store.AcceptOnlyFromAmong("sqlite", "postgres");
        var kills = new Option<int>("--kills")
        {
            Description = "How many kills.", DefaultValueFactory = _ => defaults.Kills,
        };
        var stops = new Option<int>("--stops")
        {
            Description = "How many stops past the lease.", DefaultValueFactory = _ => defaults.Stops,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "What is sent and killed is drawn from it; the instants are the machine's.",
            DefaultValueFactory = _ => defaults.Seed,
        };
        var minutes = new Option<double?>("--minutes") { Description = "End after this long." };
        var disk = new Option<bool>("--disk") { Description = "Full, read-only and broken disks instead." };
        var folder = new Option<string>("--folder")
        {
            Description = "Where the run keeps its data; it stays when something is wrong.",
            DefaultValueFactory = _ => defaults.Folder,
        };
        foreach (var count in new[] { kills, stops })
            Tool.Require<int>(count, value => value is >= 0 and <= CountMax, $"between 0 and {CountMax}");
        Tool.Require<int>(seed, value => value >= 0, "0 or more");
        Tool.Require<double>(minutes, value => value is > 0 and <= MinutesMax, $"above 0 and at most {MinutesMax}");
        var command = new RootCommand(
            "Real processes under load, killed and stopped at random instants, compared with what clients were told.")
        {
            store, kills, stops, seed, minutes, disk, folder,
        };
        command.Validators.Add(given =>
        {
            // Values that are wrong are told by their own options, and cannot be asked for here.
            if (given.GetResult(disk) is null or { Implicit: true } && IsZero(kills) && IsZero(stops))
                given.AddError("--kills and --stops cannot both be 0: nothing would be proved.");

            bool IsZero(Option count) => given.GetResult(count) is { Tokens: [{ Value: "0" }] };
        });
        command.SetAction((parsed, cancel) =>
        {
            var options = new CrashOptions
            {
                Store = parsed.GetValue(store)!, Kills = parsed.GetValue(kills), Stops = parsed.GetValue(stops),
                Seed = parsed.GetValue(seed), Folder = parsed.GetValue(folder)!,
                Longest = parsed.GetValue(minutes) is { } m ? TimeSpan.FromMinutes(m) : TimeSpan.MaxValue,
            };
            return parsed.GetValue(disk) ? RunDiskAsync(options, cancel) : RunAsync(options, cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(CrashOptions options, CancellationToken cancel)
    {
        var figures = await new CrashRun(options, Console.WriteLine).RunAsync(cancel);
        figures.Write(Console.Out);
        return figures.FaultCount == 0 ? 0 : 1;
    }

    private static async Task<int> RunDiskAsync(CrashOptions options, CancellationToken cancel)
    {
        var run = new DiskRun(options, Console.WriteLine);
        await run.RunAsync(cancel);
        foreach (var fault in run.Faults) Console.WriteLine(fault);
        Console.WriteLine($"{options.Store}: {run.Faults.Count} faults");
        return run.Faults.Count == 0 ? 0 : 1;
    }
}
