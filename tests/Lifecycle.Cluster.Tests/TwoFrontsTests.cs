using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Postgres;
using Lifecycle.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Cluster.Tests;

/// <summary>Real lines of Online Retail through the balancer, whose requests go to two fronts in turn.</summary>
public sealed class TwoFrontsTests(TestDatabase database, ITestOutputHelper output) : IDisposable
{
    private const int LinesMax = 60_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("lifecycle-two-fronts-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_imported_through_two_fronts_at_once_is_what_one_process_makes_of_it()
    {
        var connectionString = database.ConnectionString;
        var file = await OnlineRetailHead.WriteAsync(_folder, LinesMax, Cancel);
        var alone = Path.Combine(_folder, "one");
        await using (var server = await StartAsync(LaunchedServer.Program, [$"--Lifecycle:Folder={alone}"]))
            await ImportAsync(server, file);
        var expected = await StoredStates.ReadAsync(alone);
        // The keys of customers come from the installation's secret.
        var together = Directory.CreateDirectory(Path.Combine(_folder, "two")).FullName;
        File.Copy(Path.Combine(alone, "installation.key"), Path.Combine(together, "installation.key"));
        var postgres = new PostgresOptions
        {
            ConnectionString = connectionString, Schema = database.NextName(), Exclusive = false,
        };

        await using (var first = await StartSiloAsync(postgres, together))
        await using (var second = await StartSiloAsync(postgres, together))
        await using (var balancer = await StartAsync(
            Beside("Lifecycle.Balancer.dll"), [$"--Lifecycle:Balancer:Processes={first.Address};{second.Address}"]))
            await ImportAsync(balancer, file);

        await using var store = await PostgresStore.OpenAsync(
            postgres, TimeProvider.System, NullLogger.Instance, Cancel);
        var actual = await StoredStates.ReadAsync(store);
        Assert.Equal(expected.Entries, actual.Entries);
        Assert.Equal(expected.Hashes, actual.Hashes);
        Assert.True(actual.Hashes.Count > 500, $"There are only {actual.Hashes.Count} customers.");
        output.WriteLine($"{actual.Entries} entries of {actual.Hashes.Count} customers, states {actual.Total}");
    }

    private async Task ImportAsync(LaunchedServer server, string file)
    {
        var (exitCode, report) = await OnlineRetailImport.RunAsync(server.Address, file, Cancel, "--lanes", "8");
        Assert.True(exitCode == 0, report);
        output.WriteLine(report);
    }

    private static Task<LaunchedServer> StartSiloAsync(PostgresOptions postgres, string folder) => StartAsync(
        Beside("Lifecycle.Cluster.dll"),
        [
            $"--Lifecycle:Folder={folder}", $"--Lifecycle:Postgres:ConnectionString={postgres.ConnectionString}",
            $"--Lifecycle:Postgres:Schema={postgres.Schema}", $"--Lifecycle:Cluster:Id={postgres.Schema}",
            $"--Lifecycle:Cluster:SiloPort={TestSilo.FreePort()}", $"--Lifecycle:Cluster:GatewayPort={TestSilo.FreePort()}",
        ]);

    private static Task<LaunchedServer> StartAsync(string program, IEnumerable<string> options) => new LaunchedServer(
        ["dotnet", program], [.. options, "--Lifecycle:Web:DrainTime=00:00:00"],
        new Dictionary<string, string> { [LaunchedServer.Stage] = "Development" }).StartAsync(Cancel);

    private static string Beside(string program) => Path.Combine(AppContext.BaseDirectory, program);
}
