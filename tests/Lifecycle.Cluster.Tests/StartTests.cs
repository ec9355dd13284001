using System.Net;
using System.Net.Sockets;
using Lifecycle.Tests.Shared;

namespace Lifecycle.Cluster.Tests;

/// <summary>What keeps a process from starting is said before it looks at the database.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("--role", "--role needs a value.")]
    [InlineData("--roles=front", "'--roles' is no option.")]
    [InlineData("--role=back", "Role must be front, worker or both.")]
    [InlineData("--Lifecycle:Clster:Id=shop", "Lifecycle:Clster is no setting")]
    public Task A_wrong_option_is_named(string option, string said) => FailsAsync(option, said);

    [Fact]
    public async Task A_port_that_is_taken_is_said_before_the_process_joins()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await FailsAsync($"--Lifecycle:Urls=http://{other.LocalEndpoint}", "address already in use. Stop what listens");
    }

    private static async Task FailsAsync(string option, string said)
    {
        await using var process = new LaunchedServer(
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "Lifecycle.Cluster.dll")],
            ["--Lifecycle:Postgres:ConnectionString=Host=127.0.0.1;Port=1;Database=none;Username=nobody", option],
            new Dictionary<string, string>());
        process.Begin();

        Assert.Equal(1, await process.ExitAsync());
        var line = Assert.Single(process.Output.Trim().Split('\n'));
        Assert.StartsWith("Lifecycle cannot run. ", line, StringComparison.Ordinal);
        Assert.Contains(said, line, StringComparison.Ordinal);
    }
}
