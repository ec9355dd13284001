using Microsoft.Extensions.Options;

namespace Lifecycle.Cluster.Tests;

/// <summary>What a process may be told about its place in the cluster.</summary>
public sealed class ClusterOptionsTests
{
    [Fact]
    public void The_defaults_are_one_process_on_this_machine() => Assert.True(Validate(new()).Succeeded);

    [Theory]
    [InlineData("front", false, true)]
    [InlineData("worker", true, false)]
    [InlineData("both", true, true)]
    public void A_role_says_what_a_process_does(string role, bool holdsCustomers, bool answersHttp)
    {
        var options = new ClusterOptions { Role = role };

        Assert.True(Validate(options).Succeeded);
        Assert.Equal((holdsCustomers, answersHttp), (options.HoldsCustomers, options.AnswersHttp));
    }

    public static TheoryData<string, ClusterOptions> WrongOptions => new()
    {
        { "Role", new() { Role = "back" } },
        { "Id", new() { Id = "two words" } },
        { "Address", new() { Address = "node-1.example" } },
        { "SiloPort", new() { SiloPort = 0 } },
        { "GatewayPort", new() { GatewayPort = 70_000 } },
        { "GatewayPort", new() { SiloPort = 30_000, GatewayPort = 30_000 } },
        { "RetryFor", new() { RetryFor = TimeSpan.FromMinutes(3) } },
        { "ScheduleShares", new() { ScheduleShares = 0 } },
    };

    [Theory]
    [MemberData(nameof(WrongOptions), DisableDiscoveryEnumeration = true)]
    public void A_wrong_option_is_named(string name, ClusterOptions options)
    {
        var result = Validate(options);

        Assert.True(result.Failed);
        Assert.Contains(name, Assert.Single(result.Failures), StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(ClusterOptions options) =>
        new ClusterOptionsValidator().Validate(null, options);
}
