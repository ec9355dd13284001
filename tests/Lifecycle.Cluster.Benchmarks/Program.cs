using System.CommandLine;
using System.Globalization;
using Lifecycle.Cluster.Benchmarks;
using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres;
using Lifecycle.Postgres.Private;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

var customers = new Option<int>("--customers")
{
    Description = "Customers that events come for. Default: 5000.", HelpName = "N", DefaultValueFactory = _ => 5_000,
};
var idle = new Option<int>("--idle")
{
    Description = "Customers whose memory is measured. Default: 50000.", HelpName = "N",
    DefaultValueFactory = _ => 50_000,
};
var seconds = new Option<int>("--seconds")
{
    Description = "How long each round takes. Default: 10.", HelpName = "N", DefaultValueFactory = _ => 10,
};
var rounds = new Option<int>("--rounds")
{
    Description = "Rounds of each kind, in turn. Default: 3.", HelpName = "N", DefaultValueFactory = _ => 3,
};
var connections = new Option<bool>("--connections")
{
    Description = "Instead: what the settings of Orleans' connections are worth.",
};
var command = new RootCommand(
    "Two processes of a cluster over a private PostgreSQL, beside a grain that writes its state with each event.")
{
    customers, idle, seconds, rounds, connections,
};
command.SetAction(parsed =>
{
    var time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
    return parsed.GetValue(connections)
        ? OverServerAsync(async (server, folder) =>
        {
            await using var silo = await TestSilo.StartAsync(
                server, folder, "bench", builder => builder.UseOrleans(ConnectionBenchmark.AddStorages));
            await new ConnectionBenchmark(silo).RunAsync(parsed.GetValue(rounds), time, Say);
        })
        : OverServerAsync((server, folder) => CompareAsync(
            server, folder, parsed.GetValue(customers), parsed.GetValue(idle), time, parsed.GetValue(rounds)));
});
return await command.Parse(args).InvokeAsync();

static async Task CompareAsync(
    string server, string folder, int customers, int idle, TimeSpan time, int rounds)
{
    await using var first = await StartAsync(server, folder);
    await using var second = await StartAsync(server, folder);
    var benchmark = new ClusterBenchmark(first, second, customers);
    // Each of them warm: compiled, connected, every customer there.
    await benchmark.IngestAsync(time / 2);
    await benchmark.NaiveIngestAsync(time / 2);
    for (var round = 1; round <= rounds; round++)
    {
        var ours = await benchmark.IngestAsync(time);
        var naive = await benchmark.NaiveIngestAsync(time);
        Say($"round {round}: ingest {ours:0} events/s, naive {naive:0}, ratio {ours / naive:0.00}");
        var local = await benchmark.StatusAsync(local: true, time / 2);
        var remote = await benchmark.StatusAsync(local: false, time / 2);
        Say($"round {round}: status {local:0} reads/s local, {remote:0} from the other process, ratio {remote / local:0.00}");
    }

    Say($"idle: {await benchmark.BytesPerIdleAsync(idle):0} bytes an activation, of {idle} more customers");
}

static async Task<int> OverServerAsync(Func<string, string, Task> run)
{
    // The server may run as another user, who gets the whole of its folder.
    var data = Directory.CreateTempSubdirectory("lifecycle-cluster-bench-").FullName;
    var folder = Directory.CreateTempSubdirectory("lifecycle-cluster-bench-key-").FullName;
    try
    {
        await using var server = await PrivateServer.StartAsync(
            new() { Folder = data }, CancellationToken.None);
        await run(server.ConnectionString, folder);
        return 0;
    }
    catch (StoreException e)
    {
        await Console.Error.WriteLineAsync(e.Message);
        return 1;
    }
    finally
    {
        Directory.Delete(data, recursive: true);
        Directory.Delete(folder, recursive: true);
    }
}

static Task<TestSilo> StartAsync(string connectionString, string folder) => TestSilo.StartAsync(
    connectionString, folder, "bench",
    builder => builder.UseOrleans(silo => silo.AddAdoNetGrainStorage(NaiveGrain.Storage, storage =>
        storage.Configure<IOptions<PostgresOptions>>((ado, postgres) =>
        {
            // The same connections as ours, and the provider's own JSON.
            ado.Invariant = "Npgsql";
            ado.ConnectionString = PostgresStore.ConnectionStringFor(postgres.Value, "naive", 32);
        }))),
    ("Lifecycle:Engine:PackAfter", "00:00:02"));

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
