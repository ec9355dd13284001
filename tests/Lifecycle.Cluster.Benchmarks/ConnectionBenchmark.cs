using System.Globalization;
using Lifecycle.Cluster.Tests.Support;
using Lifecycle.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Storage;

namespace Lifecycle.Cluster.Benchmarks;

/// <summary>
/// What the settings of a connection are worth to Orleans' own provider: states of grains, read and written one by one.
/// </summary>
internal sealed class ConnectionBenchmark(TestSilo silo)
{
    private const int Callers = 64;
    private const int GrainsCount = 2_000;
    private const int ConnectionsMax = 16;

    private static readonly (string Name, Action<NpgsqlConnectionStringBuilder> Change)[] Kinds =
    [
        ("driver's defaults", settings => (settings.NoResetOnClose, settings.MaxAutoPrepare) = (false, 0)),
        ("no reset on close", settings => settings.MaxAutoPrepare = 0),
        ("prepared statements", settings => settings.NoResetOnClose = false),
        ("both, as the cluster has them", _ => { }),
        ("both, pool of 4", settings => settings.MaxPoolSize = 4),
        ("both, pool of 64", settings => settings.MaxPoolSize = Callers),
    ];

    private readonly NaiveState _state = new() { Version = 1, Recent = ["e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8"] };

    /// <summary>A storage for each kind of connection.</summary>
    public static void AddStorages(ISiloBuilder silo)
    {
        foreach (var (name, change) in Kinds)
            silo.AddAdoNetGrainStorage(name, storage => storage.Configure<IOptions<PostgresOptions>>((ado, postgres) =>
            {
                var settings = new NpgsqlConnectionStringBuilder(
                    PostgresStore.ConnectionStringFor(postgres.Value, "bench", ConnectionsMax));
                change(settings);
                (ado.Invariant, ado.ConnectionString) = ("Npgsql", settings.ConnectionString);
            }));
    }

    /// <summary>Each kind in turn, so often; the middle one of each is said beside that of the driver's defaults.</summary>
    public async Task RunAsync(int rounds, TimeSpan time, Action<FormattableString> say)
    {
        var writes = Kinds.ToDictionary(kind => kind.Name, _ => new List<double>());
        var reads = Kinds.ToDictionary(kind => kind.Name, _ => new List<double>());
        // The first round makes the rows and the connections.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (name, _) in Kinds)
            {
                var storage = silo.Get<IServiceProvider>().GetRequiredKeyedService<IGrainStorage>(name);
                var wrote = await WriteAsync(storage, name, time);
                var read = await ReadAsync(storage, name, time);
                if (round == 0) continue;
                writes[name].Add(wrote);
                reads[name].Add(read);
            }
        }

        var (first, second) = (Middle(writes[Kinds[0].Name]), Middle(reads[Kinds[0].Name]));
        foreach (var (name, _) in Kinds)
        {
            var (wrote, read) = (Middle(writes[name]), Middle(reads[name]));
            say($"{name}: {wrote:0} writes/s, {wrote / first:0.00} x; {read:0} reads/s, {read / second:0.00} x");
        }
    }

    private Task<double> WriteAsync(IGrainStorage storage, string kind, TimeSpan time)
    {
        // Of one grain after the other: nobody is at one that another caller has not done with.
        var tags = new string?[GrainsCount];
        return Loop.RunAsync(Callers, time, async call =>
        {
            var grain = (int)(call % GrainsCount);
            var state = new GrainState<NaiveState>(_state) { ETag = tags[grain]! };
            if (tags[grain] is null)
            {
                await storage.ReadStateAsync(kind, IdOf(grain), state);
                state.State = _state;
            }

            await storage.WriteStateAsync(kind, IdOf(grain), state);
            tags[grain] = state.ETag;
            return 1;
        });
    }

    private static Task<double> ReadAsync(IGrainStorage storage, string kind, TimeSpan time) =>
        Loop.RunAsync(Callers, time, async call =>
        {
            await storage.ReadStateAsync(kind, IdOf((int)(call % GrainsCount)), new GrainState<NaiveState>(new()));
            return 1;
        });

    private static GrainId IdOf(int grain) => GrainId.Create("bench", grain.ToString(CultureInfo.InvariantCulture));

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
