using System.CommandLine;
using Lifecycle.Tests.Shared.Usage;

namespace Lifecycle.Overload.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--seconds 0", "--seconds must be between 1 and 3600, not 0.")]
    [InlineData("--seconds -1", "--seconds must be between 1 and 3600, not -1.")]
    [InlineData("--seconds NaN", "--seconds must be between 1 and 3600, not NaN.")]
    [InlineData("--seed -1", "--seed must be 0 or more, not -1.")]
    [InlineData("--commit-ms -1", "--commit-ms must be between 0 and 60000, not -1.")]
    [InlineData("--only cold", "--only must be the beginning of one of overload")]
    [InlineData("--store sqlite", "'--store'")]
    public async Task Wrong_usage_is_told_ends_with_2_and_tries_nothing(string arguments, string told)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await Tool.RunAsync(
            OverloadCommand.Make(), arguments.Split(' '),
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
        Assert.Equal(0, await Tool.RunAsync(OverloadCommand.Make(), ["--help"], configuration));
        Assert.Contains("--seed", output.ToString(), StringComparison.Ordinal);
    }
}
