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
    Description = "Customers that events come for. Default: 100000.", HelpName = "N",
    DefaultValueFactory = _ => 100_000,
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
var metrics = new Option<bool>("--metrics")
{
    Description = "Instead: ours alone without and with metrics, as a process has them that answers HTTP.",
};
var command = new RootCommand(
    "Two processes of a cluster over a private PostgreSQL, beside a grain that writes its state with each event.")
{
    customers, idle, seconds, rounds, connections, metrics,
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
            server, folder, parsed.GetValue(customers), parsed.GetValue(idle), time, parsed.GetValue(rounds),
            parsed.GetValue(metrics)));
});
return await command.Parse(args).InvokeAsync();

static async Task CompareAsync(
    string server, string folder, int customers, int idle, TimeSpan time, int rounds, bool metrics)
{
    await using var first = await StartAsync(server, folder);
    await using var second = await StartAsync(server, folder);
    var benchmark = new ClusterBenchmark(first, second, customers);
    // Each of them warm: every customer there, compiled, connected.
    await benchmark.FillAsync();
    await benchmark.IngestAsync(time / 2);
    if (metrics)
    {
        for (var round = 1; round <= rounds; round++) await CompareMetricsAsync(benchmark, first, second, time);
        return;
    }

    await benchmark.NaiveIngestAsync(time / 2);
    for (var round = 1; round <= rounds; round++)
    {
        var ours = await benchmark.IngestAsync(time);
        var naive = await benchmark.NaiveIngestAsync(time);
        Say($"round {round}: ingest {ours:0} events/s, naive {naive:0}, ratio {ours / naive:0.00}");
        var (local, remote) = await InTurnAsync(
            t => benchmark.StatusAsync(local: true, t), t => benchmark.StatusAsync(local: false, t), time);
        Say($"round {round}: status {local:0} reads/s local, {remote:0} from the other process, ratio {remote / local:0.00}");
    }

    Say($"idle: {await benchmark.BytesPerIdleAsync(idle):0} bytes an activation, of {idle} more customers");
}

// In short turns, so that what the machine does beside it, or what a round before left to do, meets both alike.
static async Task<(double, double)> InTurnAsync(
    Func<TimeSpan, Task<double>> one, Func<TimeSpan, Task<double>> other, TimeSpan time)
{
    const int Turns = 4;
    double ones = 0, others = 0;
    for (var turn = 0; turn < Turns; turn++)
    {
        ones += await one(time / Turns / 2);
        others += await other(time / Turns / 2);
    }

    return (ones / Turns, others / Turns);
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

static async Task CompareMetricsAsync(ClusterBenchmark benchmark, TestSilo first, TestSilo second, TimeSpan time)
{
    var without = await MeasureAsync(benchmark, time);
    using var ofFirst = Listen(first);
    using var ofSecond = Listen(second);
    var with = await MeasureAsync(benchmark, time);
    Compare("event", without.Ingest, with.Ingest);
    Compare("status, local", without.Local, with.Local);
    Compare("status, from the other process", without.Remote, with.Remote);
}

static void Compare(string what, Cost without, Cost with) => Say(
    $"{what}: {without.Micros:0.00} µs of processor and {without.Rate:0}/s, with metrics {with.Micros:0.00} and {with.Rate:0}, ratio {with.Micros / without.Micros:0.00} and {with.Rate / without.Rate:0.00}");

static Telemetry Listen(TestSilo silo) =>
    new(silo.Get<IConfiguration>(), silo.Get<IMeterFactory>(), silo.Get<ILogger<Telemetry>>());

static async Task<(Cost Ingest, Cost Local, Cost Remote)> MeasureAsync(ClusterBenchmark benchmark, TimeSpan time) => (
    await CostAsync(benchmark.IngestAsync, time), await CostAsync(t => benchmark.StatusAsync(local: true, t), time / 2),
    await CostAsync(t => benchmark.StatusAsync(local: false, t), time / 2));

// Of both processes, and not of PostgreSQL: a machine that is busy with others changes it less than the rate.
static async Task<Cost> CostAsync(Func<TimeSpan, Task<double>> run, TimeSpan time)
{
    var before = Environment.CpuUsage.TotalTime;
    var rate = await run(time);
    return new(rate, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / (rate * time.TotalSeconds));
}

static Task<TestSilo> StartAsync(string connectionString, string folder) => TestSilo.StartAsync(
    connectionString, folder, "bench",
    builder => builder.UseOrleans(silo => silo.AddAdoNetGrainStorage(NaiveGrain.Storage, storage =>
        storage.Configure<IOptions<PostgresOptions>>((ado, postgres) =>
        {
            // The same connections as ours, and the provider's own JSON.
            ado.Invariant = "Npgsql";
            ado.ConnectionString = PostgresStore.ConnectionStringFor(postgres.Value, "naive", 32);
        }))));

static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

/// <summary>What one call costs, and how many there are a second.</summary>
internal sealed record Cost(double Rate, double Micros);
