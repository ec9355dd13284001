using System.CommandLine;
using System.Globalization;
using Lifecycle.Overload;
using Lifecycle.Overload.Load;
using Lifecycle.Overload.Scenarios;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [LoadProcess.Argument]) return await LoadProcess.ServeAsync();

var seconds = new Option<double>("--seconds")
{
    Description = "How long three times the capacity is offered.", DefaultValueFactory = _ => 60,
};
var seed = new Option<int>("--seed")
{
    Description = "What the customers are chosen by.", DefaultValueFactory = _ => 1,
};
var commit = new Option<double>("--commit-ms")
{
    Description = "What is waited for before each commit.", DefaultValueFactory = _ => 1_000,
};
var only = new Option<string>("--only")
{
    Description = $"Only the scenarios that begin so: {string.Join(", ", OverloadRun.Names)}.",
    DefaultValueFactory = _ => "",
};
var command = new RootCommand("Offers a server more than it can take, and judges what it does.")
{
    seconds, seed, commit, only,
};
command.SetAction(async parsed =>
{
    var folder = Directory.CreateTempSubdirectory("lifecycle-overload-").FullName;
    try
    {
        var options = new OverloadOptions
        {
            Seconds = parsed.GetValue(seconds), Seed = parsed.GetValue(seed), Folder = folder,
            Commit = TimeSpan.FromMilliseconds(parsed.GetValue(commit)),
        };
        var failures = await OverloadRun.RunAsync(options, parsed.GetValue(only)!, null, Console.Out);
        Console.WriteLine(failures.Count == 0 ? "All of it holds." : $"{failures.Count} of it do not hold:");
        foreach (var failure in failures) Console.WriteLine($"  {failure}");
        return failures.Count == 0 ? 0 : 1;
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
});
return await command.Parse(args).InvokeAsync();
