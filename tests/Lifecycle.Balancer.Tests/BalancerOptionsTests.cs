namespace Lifecycle.Balancer.Tests;

/// <summary>What the balancer may be told.</summary>
public sealed class BalancerOptionsTests
{
    [Theory]
    [InlineData("http://localhost:5081;http://localhost:5082")]
    [InlineData("https://node-1.example ; http://[::1]:8080;")]
    public void Addresses_are_parted_by_semicolons(string processes) =>
        Assert.True(Validate(new() { Processes = processes }).Succeeded);

    [Theory]
    [InlineData("", "must name the processes")]
    [InlineData("localhost:5081", "'localhost:5081'")]
    [InlineData("ftp://localhost", "'ftp://localhost'")]
    [InlineData("http://localhost:5081/v1", "'http://localhost:5081/v1'")]
    public void A_wrong_address_is_named(string processes, string said)
    {
        var result = Validate(new() { Processes = processes });

        Assert.Contains(said, Assert.Single(result.Failures!), StringComparison.Ordinal);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(BalancerOptions options) =>
        new BalancerOptionsValidator().Validate(null, options);
}
