using System.Diagnostics;
using System.Text.Json;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Tests.Shared;
using static Lifecycle.Server.Tests.EndToEnd.OnlineRetail;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The real file through the real server and the real command line.</summary>
public sealed class OnlineRetailTests(ITestOutputHelper output)
{
    private const int Seed = 20111211;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imported_twice_it_is_taken_once_reported_right_proven_and_explained_to_the_last_point()
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-retail-").FullName;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            var first = await ImportAsync(server);
            output.WriteLine($"first import {first}");
            AssertCounts(first, accepted: 22_190, duplicates: 0);
            var before = await StoredStates.ReadAsync(folder);
            AssertCounts(await ImportAsync(server), accepted: 0, duplicates: 22_190);
            var after = await StoredStates.ReadAsync(folder);
            Assert.Equal(4_372, before.Hashes.Count);
            Assert.Equal(before.Versions, after.Versions);
            Assert.Equal(before.Total, after.Total);
            Assert.Equal(0, after.Trial);
            await AssertRfmAsync(server);
            await AssertVerifiedAsync(server);
            await AssertExplainedAsync(server, folder);
        }

        await AssertTickedToNowAsync(folder);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// At the instants of three entries of a customer everything that was due is journaled, so plain sums over the rows
    /// are the whole truth.
    /// </summary>
    private async Task AssertExplainedAsync(ServerProcess server, string folder)
    {
        var random = new Random(Seed);
        var checks = 0;
        while (checks < 50)
        {
            var customer = random.Next(12_346, 18_288).ToString("0", null);
            var entries = await StoredStates.EntriesAsync(folder, customer);
            if (entries.Count == 0) continue;
            checks++;
            for (var i = 0; i < 3; i++)
            {
                var at = entries[random.Next(entries.Count)].At;
                await AssertExplainedAsync(server, customer, entries.TakeWhile(entry => entry.At <= at).ToList(), at);
            }
        }

        output.WriteLine($"seed {Seed}: {checks} customers explained at three instants each");
    }

    private static async Task AssertExplainedAsync(
        ServerProcess server, string customer, List<Entry> entries, Instant? at)
    {
        var instant = at ?? Instant.From(TimeProvider.System.GetUtcNow());
        var effects = entries.SelectMany(entry => entry.Effects).ToList();
        var windowStart = new Instant(instant.Micros - 365 * Instant.MicrosPerDay);
        var spend = effects.Sum(effect => effect switch
        {
            Effect.OrderCounted { Counts: true } order when DayOf(order.OccurredAt) > windowStart => order.NetMinor,
            Effect.ReturnMatched { Counts: true } r when DayOf(r.OrderOccurredAt) > windowStart => -r.NetMinor,
            _ => 0,
        });
        var suffix = at is null ? "" : $"as_of={at}";
        using var view = await GetAsync(server, $"/v1/customers/{customer}?{suffix}");
        var points = view.RootElement.GetProperty("points").GetProperty("available").GetInt64();
        var shown = view.RootElement.GetProperty("metrics").GetProperty("windows").GetProperty("365d")
            .GetProperty("spend_minor").GetInt64();
        var stage = view.RootElement.GetProperty("stage").GetProperty("name").GetString();
        Assert.Equal(StoredStates.Available(entries), points);
        Assert.Equal(spend, shown);
        Assert.Equal(effects.OfType<Effect.StageChanged>().Last().To, stage);
        Assert.Equal(points, (await ExplainAsync("points.available")).GetProperty("value").GetInt64());
        Assert.Equal(spend, (await ExplainAsync("metrics.windows.365d.spend_minor")).GetProperty("value").GetInt64());
        Assert.Equal(stage, (await ExplainAsync("stage")).GetProperty("text").GetString());

        async Task<JsonElement> ExplainAsync(string field)
        {
            using var answer = await GetAsync(server, $"/v1/customers/{customer}/explain?field={field}&{suffix}");
            return answer.RootElement.Clone();
        }
    }

    /// <summary>
    /// After the quiet time the scheduler journals what time changed; then the rows alone say what is true now. The
    /// rows of the projection know when a customer is looked at next: without them they are made anew for the shorter
    /// quiet.
    /// </summary>
    private static async Task AssertTickedToNowAsync(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "projection.db*")) System.IO.File.Delete(file);
        var imported = (await StoredStates.ReadAsync(folder)).Entries;
        await using var server = await ServerProcess.StartAsync(
            folder, "Development", "--Lifecycle:Engine:BackfillQuiet=00:00:01");
        await UntilTickedAsync(folder, imported);
        var random = new Random(Seed);
        for (var checks = 0; checks < 50;)
        {
            var customer = random.Next(12_346, 18_288).ToString("0", null);
            var entries = await StoredStates.EntriesAsync(folder, customer);
            if (entries.Count == 0) continue;
            checks++;
            await AssertExplainedAsync(server, customer, entries, at: null);
        }

        await AssertVerifiedAsync(server);
    }

    /// <summary>Waits until the scheduler has written, and then nothing more for two seconds.</summary>
    private static async Task UntilTickedAsync(string folder, long imported)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(folder);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var patience = Stopwatch.StartNew();
        var (head, still) = (imported, 0);
        while (head == imported || still < 4)
        {
            Assert.True(
                patience.Elapsed < TimeSpan.FromMinutes(2), $"From {imported} entries it came to {head}, not to rest.");
            await timer.WaitForNextTickAsync(Cancel);
            var now = await store.Journal.ReadHeadAsync(Cancel);
            still = now == head ? still + 1 : 0;
            head = now;
        }
    }

    private static async Task<JsonDocument> GetAsync(ServerProcess server, string path) =>
        JsonDocument.Parse(await server.Http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel));

    /// <summary>The start of the UTC day: in a window of 365 days that is where an event's bucket starts.</summary>
    private static Instant DayOf(Instant instant) =>
        new(instant.Micros - (((instant.Micros % Instant.MicrosPerDay) + Instant.MicrosPerDay) % Instant.MicrosPerDay));
}
