using System.CommandLine;
using System.Globalization;
using Lifecycle.Crash;
using Lifecycle.Crash.Disk;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var defaults = new CrashOptions();
var store = new Option<string>("--store") { Description = "sqlite or postgres.", DefaultValueFactory = _ => "sqlite" };
store.AcceptOnlyFromAmong("sqlite", "postgres");
var kills = new Option<int>("--kills") { Description = "How many kills.", DefaultValueFactory = _ => defaults.Kills };
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
var command = new RootCommand(
    "Real processes under load, killed and stopped at random instants, compared with what their clients were told.")
{
    store, kills, stops, seed, minutes, disk, folder,
};
command.SetAction(async (parsed, cancel) =>
{
    var options = new CrashOptions
    {
        Store = parsed.GetValue(store)!, Kills = parsed.GetValue(kills), Stops = parsed.GetValue(stops),
        Seed = parsed.GetValue(seed), Folder = parsed.GetValue(folder)!,
        Longest = parsed.GetValue(minutes) is { } m ? TimeSpan.FromMinutes(m) : TimeSpan.MaxValue,
    };
    if (parsed.GetValue(disk))
    {
        var run = new DiskRun(options, Console.WriteLine);
        await run.RunAsync(cancel);
        foreach (var fault in run.Faults) Console.WriteLine(fault);
        Console.WriteLine($"{options.Store}: {run.Faults.Count} faults");
        return run.Faults.Count == 0 ? 0 : 1;
    }

    var figures = await new CrashRun(options, Console.WriteLine).RunAsync(cancel);
    figures.Write(Console.Out);
    return figures.FaultCount == 0 ? 0 : 1;
});
// What was started is ended first.
return await command.Parse(args).InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
