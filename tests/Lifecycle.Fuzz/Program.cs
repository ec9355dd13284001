using System.CommandLine;
using System.Globalization;
using Lifecycle.Fuzz;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var requests = new Option<long>("--requests")
{
    Description = "How many requests.", DefaultValueFactory = _ => new FuzzOptions().Requests,
};
var seed = new Option<ulong>("--seed")
{
    Description = "What the requests are made from: the same seed, the same requests.", DefaultValueFactory = _ => 1,
};
var minutes = new Option<double?>("--minutes") { Description = "End after this long." };
var operation = new Option<string?>("--operation") { Description = "Only this operationId, or 'METHOD /path'." };
var parallel = new Option<int>("--parallel")
{
    Description = "Requests under way at once.", DefaultValueFactory = _ => new FuzzOptions().Parallel,
};
var site = new Option<long>("--site")
{
    Description = "Requests after which the store begins anew.",
    DefaultValueFactory = _ => new FuzzOptions().RequestsPerSite,
};
var replay = new Option<string?>("--replay") { Description = "Send the requests of this file again and end." };
var socket = new Option<bool>("--socket") { Description = "Malformed HTTP over a real socket instead." };
var command = new RootCommand("Mutated requests over every documented operation: no 5xx, no hang, no growth.")
{
    requests, seed, minutes, operation, parallel, site, replay, socket,
};
command.SetAction(async parsed =>
{
    var options = new FuzzOptions
    {
        Requests = parsed.GetValue(requests), Seed = parsed.GetValue(seed), Operation = parsed.GetValue(operation),
        Parallel = parsed.GetValue(parallel), RequestsPerSite = parsed.GetValue(site),
        Longest = parsed.GetValue(minutes) is { } m ? TimeSpan.FromMinutes(m) : TimeSpan.MaxValue,
    };
    if (parsed.GetValue(socket))
    {
        var faults = await SocketRun.RunAsync(options.Seed, (int)Math.Min(options.Requests, 10_000));
        foreach (var fault in faults) Console.WriteLine(fault);
        Console.WriteLine(faults.Count == 0 ? "No failure." : $"{faults.Count} failures.");
        return faults.Count == 0 ? 0 : 1;
    }

    var run = new FuzzRun(options, Console.WriteLine);
    var result = parsed.GetValue(replay) is { } file ? await run.ReplayAsync(file) : await run.RunAsync();
    FuzzTable.Write(Console.Out, result);
    return result.Failures.Count == 0 ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
