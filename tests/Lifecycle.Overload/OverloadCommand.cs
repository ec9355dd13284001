using System.CommandLine;
using Lifecycle.Overload.Scenarios;
using Lifecycle.Tests.Shared.Usage;

namespace Lifecycle.Overload;

/// <summary>The command line of overload runs.</summary>
internal static class OverloadCommand
{
    public static RootCommand Make()
    {
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
        Tool.Require<double>(seconds, value => value is >= 1 and <= 3_600, "between 1 and 3600");
        Tool.Require<int>(seed, value => value >= 0, "0 or more");
        Tool.Require<double>(commit, value => value is >= 0 and <= 60_000, "between 0 and 60000");
        Tool.Require<string>(
            only, prefix => OverloadRun.Names.Any(name => name.StartsWith(prefix, StringComparison.Ordinal)),
            $"the beginning of one of {string.Join(", ", OverloadRun.Names)}");
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
        return command;
    }
}
