using System.CommandLine;
using Lifecycle.Crash.Cluster;
using Lifecycle.Crash.Disk;
using Lifecycle.Tests.Shared.Usage;

namespace Lifecycle.Crash;

/// <summary>The command line of crash runs.</summary>
internal static class CrashCommand
{
    private const int CountMax = 1_000_000;
    private const int MinutesMax = 100_000;
    private const int SilosMax = 9;
    private const string ClusterStore = "cluster";

    /// <summary>What the processes of a cluster have by default.</summary>
    private static readonly TimeSpan ClusterLease = TimeSpan.FromSeconds(10);

    public static RootCommand Make()
    {
        var defaults = new CrashOptions();
        var store = new Option<string>("--store")
        {
            Description = "sqlite, postgres or cluster.", DefaultValueFactory = _ => defaults.Store,
        };
        store.AcceptOnlyFromAmong("sqlite", "postgres", ClusterStore);
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
        var silos = new Option<int>("--silos")
        {
            Description = "Of a cluster: how many processes.", DefaultValueFactory = _ => defaults.Silos,
        };
        var rolling = new Option<int>("--rolling")
        {
            Description = "Of a cluster: restart each process in turn so often, instead of kills and stops.",
        };
        Tool.Require<int>(silos, value => value is >= 2 and <= SilosMax, $"between 2 and {SilosMax}");
        foreach (var count in new[] { kills, stops, rolling })
            Tool.Require<int>(count, value => value is >= 0 and <= CountMax, $"between 0 and {CountMax}");
        Tool.Require<int>(seed, value => value >= 0, "0 or more");
        Tool.Require<double>(minutes, value => value is > 0 and <= MinutesMax, $"above 0 and at most {MinutesMax}");
        var command = new RootCommand(
            "Real processes under load, killed and stopped at random instants, compared with what clients were told.")
        {
            store, kills, stops, silos, rolling, seed, minutes, disk, folder,
        };
        command.Validators.Add(given =>
        {
            // Values that are wrong are told by their own options, and cannot be asked for here.
            var isCluster = given.GetResult(store) is { Tokens: [{ Value: ClusterStore }] };
            if (!IsGiven(disk) && !IsGiven(rolling) && IsZero(kills) && IsZero(stops))
                given.AddError("--kills and --stops cannot both be 0: nothing would be proved.");
            if (isCluster && IsGiven(disk)) given.AddError("--disk is not for a cluster.");
            if (!isCluster && (IsGiven(silos) || IsGiven(rolling)))
                given.AddError("--silos and --rolling are for --store cluster.");

            bool IsGiven(Option option) => given.GetResult(option) is { Implicit: false };

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
            if (options.Store == ClusterStore)
            {
                return RunClusterAsync(
                    options with
                    {
                        Silos = parsed.GetValue(silos), Rolling = parsed.GetValue(rolling), Lease = ClusterLease,
                        Writers = 4, CalmMax = TimeSpan.FromSeconds(2), CompareEvery = 5,
                    },
                    cancel);
            }

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

    private static async Task<int> RunClusterAsync(CrashOptions options, CancellationToken cancel)
    {
        if (await ClusterProgram.BuildAsync(cancel) is not { } program)
        {
            await Console.Error.WriteLineAsync(
                "Lifecycle.Cluster cannot be built here: it needs the sources and Orleans' packages.");
            return 2;
        }

        var figures = await new ClusterRun(options, program, Console.WriteLine).RunAsync(cancel);
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
