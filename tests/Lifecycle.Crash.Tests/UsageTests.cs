using System.CommandLine;
using Lifecycle.Tests.Shared.Usage;

namespace Lifecycle.Crash.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--kills -1", "--kills must be between 0 and 1000000, not -1.")]
    [InlineData("--stops -3", "--stops must be between 0 and 1000000, not -3.")]
    [InlineData("--kills 0 --stops 0", "--kills and --stops cannot both be 0")]
    [InlineData("--seed -1", "--seed must be 0 or more, not -1.")]
    [InlineData("--minutes 0", "--minutes must be above 0")]
    [InlineData("--minutes -2", "--minutes must be above 0")]
    [InlineData("--minutes NaN", "--minutes must be above 0")]
    [InlineData("--kills many", "'many'")]
    [InlineData("--store oracle", "'oracle'")]
    [InlineData("--kill 3", "'--kill'")]
    [InlineData("--store cluster --silos 1", "--silos must be between 2 and 9, not 1.")]
    [InlineData("--store cluster --disk", "--disk is not for a cluster.")]
    [InlineData("--rolling 1", "--silos and --rolling are for --store cluster.")]
    [InlineData("--store postgres --silos 3", "--silos and --rolling are for --store cluster.")]
    public async Task Wrong_usage_is_told_ends_with_2_and_tries_nothing(string arguments, string told)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Tool.RunAsync(
            CrashCommand.Make(), arguments.Split(' '),
            new InvocationConfiguration { Output = output, Error = error });
        Assert.Equal(2, exitCode);
        Assert.Contains(told, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Help_is_no_wrong_usage()
    {
        using var output = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output };
        Assert.Equal(0, await Tool.RunAsync(CrashCommand.Make(), ["--help"], configuration));
        Assert.Contains("--seed", output.ToString(), StringComparison.Ordinal);
    }
}
