using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lifecycle.Engine.Actors;
using Lifecycle.Engine.Hosting;
using Lifecycle.Engine.Ingest;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Engine.Store;
using Lifecycle.Web;
using Lifecycle.Web.Events;
using Lifecycle.Web.Operations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Lifecycle.Benchmarks;

/// <summary>
/// What one small event costs the processor through the whole engine: from the body of a request to its answer, with a
/// journal that only counts. HTTP is not in it.
/// </summary>
internal static class IntakeBenchmark
{
    private const int Customers = 100_000;
    private const int PerBody = 100;
    private const int Clients = 16;
    /// <summary>Events that each customer has when it begins, spread over a year.</summary>
    private const int Seasons = 6;
    private const int LiveEvents = 200_000;
    private const int Rounds = 3;
    private static readonly TimeSpan CommitTime = TimeSpan.FromMilliseconds(2);

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-intake-").FullName;
        try
        {
            var inner = await SqliteStore.OpenAsync(
                new SqliteOptions { Folder = folder }, TimeProvider.System, NullLogger.Instance);
            var secret = await InstallationKeyFile.OpenAsync(folder, inner, CancellationToken.None);
            var store = new CountingStore(inner, CommitTime);
            await using var engine = await LifecycleEngine.OpenAsync(
                store, secret, new EngineSettings { Folder = folder }, new EngineOptions(), TimeProvider.System,
                NullLoggerFactory.Instance, CancellationToken.None);
            await engine.StartAsync(CancellationToken.None);
            // Counted and added up as in the server.
            await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            var meters = services.GetRequiredService<IMeterFactory>();
            EngineMeter.Watch(meters, engine);
            using var telemetry = new Telemetry(
                new ConfigurationBuilder().Build(), meters, NullLogger<Telemetry>.Instance);
            await MeasureAsync(engine, store, new(meters));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(LifecycleEngine engine, CountingStore store, WebMeter meter)
    {
        var intake = new EventIntake(
            engine.Customers, new QuarantineIntake(store, engine.Secret, TimeProvider.System), meter, TimeProvider.System,
            Options.Create(new WebOptions()));
        var events = new SmallEvents(Customers, 1.0, seed: 4);
        var now = TimeProvider.System.GetUtcNow();
        var year = TimeSpan.FromDays(365);
        for (var season = 0; season < Seasons; season++)
        {
            var from = now - year * (1 - (double)season / Seasons);
            var bodies = Enumerable.Range(0, Customers / PerBody).Select(i => events.LinesForEach(
                i * PerBody, PerBody, from + i * TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)));
            await TakeAsync(intake, [.. bodies], historical: true);
        }

        Console.WriteLine($"{engine.Residents:N0} resident customers, {Clients} clients, {PerBody} events a body");
        for (var round = 0; round < Rounds; round++)
        {
            var live = Enumerable.Range(0, LiveEvents / PerBody)
                .Select(_ => events.Lines(PerBody, TimeProvider.System.GetUtcNow(), TimeSpan.FromMilliseconds(1)));
            await MeasureAsync(intake, store, [.. live]);
        }
    }

    private static async Task MeasureAsync(EventIntake intake, CountingStore store, List<byte[]> bodies)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (rows, bytes, commits) = (store.Rows, store.Bytes, store.Commits);
        var allocated = GC.GetTotalAllocatedBytes();
        var (pauses, young, middle, old) = Collections();
        var before = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await TakeAsync(intake, bodies, historical: false);
        var wall = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        var cpu = process.TotalProcessorTime - before;
        double events = bodies.Count * PerBody;
        Console.WriteLine(
            $"{cpu.TotalMicroseconds / events:0.00} µs of processor an event, {events / wall.TotalSeconds:N0} events/s, " +
            $"{(GC.GetTotalAllocatedBytes() - allocated) / events:N0} B allocated; " +
            $"{(store.Rows - rows) / events:0.00} rows of {(store.Bytes - bytes) / (double)(store.Rows - rows):N0} B, " +
            $"{(store.Rows - rows) / (double)(store.Commits - commits):N0} a commit; " +
            $"collections {GC.CollectionCount(0) - young} {GC.CollectionCount(1) - middle} {GC.CollectionCount(2) - old}, " +
            $"{(GC.GetTotalPauseDuration() - pauses).TotalMicroseconds / events:0.00} µs of pause");
    }

    private static (TimeSpan Pauses, int Young, int Middle, int Old) Collections() =>
        (GC.GetTotalPauseDuration(), GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2));

    private static async Task TakeAsync(EventIntake intake, List<byte[]> bodies, bool historical)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < bodies.Count;)
            {
                var outcomes = await intake.TakeAsync(bodies[i], new(historical), CancellationToken.None);
                foreach (var outcome in outcomes)
                    if (outcome.Accepted is null) throw new InvalidOperationException(outcome.Problem!.Detail);
            }
        })));
    }
}
