using System.CommandLine;
using Lifecycle.Tests.Shared.Usage;

namespace Lifecycle.Simulation.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--seeds 0", "--seeds must be 1 or more, not 0.")]
    [InlineData("--seeds -5", "--seeds must be 1 or more, not -5.")]
    [InlineData("--seed -1", "--seed must be 0 or more, not -1.")]
    [InlineData("--length 0", "--length must be 1 or more, not 0.")]
    [InlineData("--minutes -1", "--minutes must be between 0 and 100000, not -1.")]
    [InlineData("--minutes NaN", "--minutes must be between 0 and 100000, not NaN.")]
    [InlineData("--seeds many", "'many'")]
    [InlineData("--store sqlite", "'--store'")]
    public async Task Wrong_usage_is_told_ends_with_2_and_tries_nothing(string arguments, string told)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Tool.RunAsync(
            SimulateCommand.Make(), arguments.Split(' '),
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
        Assert.Equal(0, await Tool.RunAsync(SimulateCommand.Make(), ["--help"], configuration));
        Assert.Contains("--seed", output.ToString(), StringComparison.Ordinal);
    }
}
