using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Globalization;
using Lifecycle.Cluster.Benchmarks;
using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres;
using Lifecycle.Postgres.Private;
using Lifecycle.Web.Operations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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
var metrics = new Option<bool>("--metrics")
{
    Description = "Instead, ours alone without and with metrics, as a process has them that answers HTTP.",
};
var command = new RootCommand(
    "Two processes of a cluster over a private PostgreSQL, beside a grain that writes its state with each event.")
{
    customers, idle, seconds, rounds, metrics,
};
command.SetAction(parsed => RunAsync(
    parsed.GetValue(customers), parsed.GetValue(idle), TimeSpan.FromSeconds(parsed.GetValue(seconds)),
    parsed.GetValue(rounds), parsed.GetValue(metrics)));
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(int customers, int idle, TimeSpan time, int rounds, bool metrics)
{
    // The server may run as another user, who gets the whole of its folder.
    var data = Directory.CreateTempSubdirectory("lifecycle-cluster-bench-").FullName;
    var folder = Directory.CreateTempSubdirectory("lifecycle-cluster-bench-key-").FullName;
    try
    {
        await using var server = await PrivateServer.StartAsync(
            new() { Folder = data }, CancellationToken.None);
        await using var first = await StartAsync(server.ConnectionString, folder);
        await using var second = await StartAsync(server.ConnectionString, folder);
        var benchmark = new ClusterBenchmark(first, second, customers);
        // Each of them warm: compiled, connected, every customer there.
        await benchmark.IngestAsync(time / 2);
        if (metrics)
        {
            for (var round = 1; round <= rounds; round++) await CompareMetricsAsync(benchmark, first, second, time);
            return 0;
        }

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

static async Task CompareMetricsAsync(ClusterBenchmark benchmark, TestSilo first, TestSilo second, TimeSpan time)
{
    var without = await MeasureAsync(benchmark, time);
    using var ofFirst = Listen(first);
    using var ofSecond = Listen(second);
    var with = await MeasureAsync(benchmark, time);
    Say($"ingest {without.Ingest:0} events/s, with metrics {with.Ingest:0}, ratio {with.Ingest / without.Ingest:0.00}");
    Say($"status {without.Local:0} reads/s local, with metrics {with.Local:0}, ratio {with.Local / without.Local:0.00}");
    Say($"status {without.Remote:0} reads/s from the other process, with metrics {with.Remote:0}, ratio {with.Remote / without.Remote:0.00}");
}

static Telemetry Listen(TestSilo silo) =>
    new(silo.Get<IConfiguration>(), silo.Get<IMeterFactory>(), silo.Get<ILogger<Telemetry>>());

static async Task<(double Ingest, double Local, double Remote)> MeasureAsync(ClusterBenchmark benchmark, TimeSpan time) => (
    await benchmark.IngestAsync(time), await benchmark.StatusAsync(local: true, time / 2),
    await benchmark.StatusAsync(local: false, time / 2));

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
