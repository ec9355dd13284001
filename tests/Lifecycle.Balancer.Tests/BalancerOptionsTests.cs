using System.Text.RegularExpressions;

namespace Lifecycle.Balancer.Tests;

/// <summary>What the balancer may be told.</summary>
public sealed partial class BalancerOptionsTests
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

    [Fact]
    public void What_the_deployment_sets_and_asks_is_there()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lifecycle.sln"))) folder = folder.Parent!;
        var compose = File.ReadAllText(Path.Combine(folder.FullName, "docker-compose.yml"));
        var container = File.ReadAllText(Path.Combine(folder.FullName, "deploy", "Containerfile"));

        var set = Setting().Matches(compose).ToDictionary(
            match => match.Groups[1].Value, match => match.Groups[2].Value);

        Assert.Equal([nameof(BalancerOptions.Processes)], set.Keys);
        Assert.True(Validate(new() { Processes = set[nameof(BalancerOptions.Processes)] }).Succeeded);
        Assert.Contains($"\"{BalancerServices.HealthPath}\"]", container, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"Lifecycle__Balancer__(\w+): ""(.*)""")]
    private static partial Regex Setting();

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(BalancerOptions options) =>
        new BalancerOptionsValidator().Validate(null, options);
}
