using System.Diagnostics;
using System.Text.Json;
using Lifecycle.Analytics.Tests;
using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The real file through the real server and the real command line.</summary>
public sealed class OnlineRetailTests(ITestOutputHelper output)
{
    private const string File = "online_retail/online_retail_2010_2011.csv.gz";
    private const int Seed = 20111211;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imported_twice_it_is_taken_once_reported_right_proven_and_explained_to_the_last_point()
    {
        var file = DataFolder.Find(File);
        var folder = Directory.CreateTempSubdirectory("lifecycle-retail-").FullName;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            var first = await ImportAsync(server, file);
            output.WriteLine($"first import {first}");
            AssertCounts(first, accepted: 22_190, duplicates: 0);
            var before = await StoredStates.ReadAsync(folder);
            AssertCounts(await ImportAsync(server, file), accepted: 0, duplicates: 22_190);
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

    [Fact]
    public async Task Killed_at_ten_random_instants_and_imported_again_it_equals_an_undisturbed_run()
    {
        var file = DataFolder.Find(File);
        var random = new Random(Seed);
        var calm = Directory.CreateTempSubdirectory("lifecycle-calm-").FullName;
        var stormy = Directory.CreateTempSubdirectory("lifecycle-stormy-").FullName;
        await using (var server = await ServerProcess.StartAsync(calm))
            AssertCounts(await ImportAsync(server, file), accepted: 22_190, duplicates: 0);
        var expected = await StoredStates.ReadAsync(calm);

        // The keys of customers and events come from the installation's secret: both folders share it.
        System.IO.File.Copy(Path.Combine(calm, "installation.key"), Path.Combine(stormy, "installation.key"));
        // Each kill comes as soon as the journal has grown past a random length: always amid commits of new entries.
        var targets = Enumerable.Range(0, 10).Select(_ => random.NextInt64(1, expected.Entries * 9 / 10)).Order();
        var heads = new List<long>();
        foreach (var target in targets)
        {
            var server = await ServerProcess.StartAsync(stormy);
            using var import = CommandLine.Start(server, "import", file, "--format", "online-retail", "--json");
            _ = import.StandardOutput.ReadToEndAsync(Cancel);
            _ = import.StandardError.ReadToEndAsync(Cancel);
            await UntilGrownAsync(stormy, Math.Max(target, heads.LastOrDefault() + 1));
            await server.DisposeAsync();
            import.Kill();
            await import.WaitForExitAsync(Cancel);
            heads.Add((await StoredStates.ReadAsync(stormy)).Entries);
        }

        output.WriteLine($"seed {Seed}: entries after each kill {string.Join(", ", heads)}");
        await using (var server = await ServerProcess.StartAsync(stormy))
        {
            using var last = JsonDocument.Parse(await ImportAsync(server, file));
            Assert.Equal(22_190,
                last.RootElement.GetProperty("accepted").GetInt64() +
                last.RootElement.GetProperty("duplicates").GetInt64());
            await AssertVerifiedAsync(server);
        }

        Assert.Equal(heads.Distinct(), heads);
        var actual = await StoredStates.ReadAsync(stormy);
        Assert.Equal(expected.Entries, actual.Entries);
        Assert.Equal(expected.Hashes, actual.Hashes);
        Directory.Delete(calm, recursive: true);
        Directory.Delete(stormy, recursive: true);
    }

    [Fact]
    public async Task Imported_into_PostgreSQL_it_gives_the_states_that_SQLite_gives()
    {
        var file = DataFolder.Find(File);
        var folder = Directory.CreateTempSubdirectory("lifecycle-both-").FullName;
        await using var database = await DatabaseServer.StartAsync();
        await using (var server = await ServerProcess.StartAsync(folder))
            AssertCounts(await ImportAsync(server, file), accepted: 22_190, duplicates: 0);
        var expected = await StoredStates.ReadAsync(folder);
        // In the same folder: the keys of customers come from the installation's secret.
        await using (var server = await ServerProcess.StartAsync(
                         folder, "Development", database.Options))
        {
            AssertCounts(await ImportAsync(server, file), accepted: 22_190, duplicates: 0);
            AssertCounts(await ImportAsync(server, file), accepted: 0, duplicates: 22_190);
            await AssertRfmAsync(server);
            await AssertVerifiedAsync(server);
        }

        await using (var store = await PostgresStore.OpenAsync(
                         new PostgresOptions { ConnectionString = database.ConnectionString }, TimeProvider.System,
                         NullLogger.Instance, Cancel))
        {
            var actual = await StoredStates.ReadAsync(store);
            Assert.Equal(expected.Entries, actual.Entries);
            Assert.Equal(expected.Hashes, actual.Hashes);
            output.WriteLine($"{actual.Entries} entries of {actual.Hashes.Count} customers, states {actual.Total}");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> ImportAsync(ServerProcess server, string file)
    {
        var (exitCode, text) = await CommandLine.RunAsync(server, "import", file, "--format", "online-retail", "--json");
        Assert.True(exitCode == 0, text);
        return text[text.IndexOf('{', StringComparison.Ordinal)..(text.LastIndexOf('}') + 1)];
    }

    private static void AssertCounts(string import, long accepted, long duplicates)
    {
        using var json = JsonDocument.Parse(import);
        long Of(string name) => json.RootElement.GetProperty(name).GetInt64();
        Assert.Equal(541_909, Of("lines_read"));
        Assert.Equal(135_080, Of("lines_quarantined"));
        Assert.Equal(Of("lines_read"), Of("lines_used") + Of("lines_quarantined"));
        Assert.Equal(25_900, Of("inputs"));
        Assert.Equal((accepted, duplicates, 3_710L), (Of("accepted"), Of("duplicates"), Of("quarantined")));
    }

    private static async Task AssertRfmAsync(ServerProcess server)
    {
        var (exitCode, text) = await CommandLine.RunAsync(server, "report", "rfm", "--as-of", "2011-12-11", "--format", "json");
        Assert.True(exitCode == 0, text);
        using var report = JsonDocument.Parse(text);
        var counts = report.RootElement.GetProperty("rows").EnumerateArray().ToDictionary(
            row => row.GetProperty("segment").GetString()!, row => row.GetProperty("customers").GetInt64());
        using var numbers = JsonDocument.Parse(
            await System.IO.File.ReadAllTextAsync(DataFolder.Find("reference_numbers.json"), Cancel));
        var expected = numbers.RootElement.GetProperty("entries").EnumerateArray()
            .Single(entry => entry.GetProperty("id").GetString() == "rfm.segmap.2010_2011").GetProperty("expected")
            .EnumerateObject().ToDictionary(segment => segment.Name, segment => segment.Value.GetInt64());
        Assert.Equal(expected, counts);
    }

    private static async Task AssertVerifiedAsync(ServerProcess server)
    {
        var (exitCode, text) = await CommandLine.RunAsync(server, "verify", "--json");
        Assert.True(exitCode == 0, text);
        using var report = JsonDocument.Parse(text);
        Assert.Equal(4_372, report.RootElement.GetProperty("customers").GetInt64());
        Assert.Empty(report.RootElement.GetProperty("violations").EnumerateArray());
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
    /// rows
    /// of the projection know when a customer is looked at next: without them they are made anew for the shorter quiet.
    /// </summary>
    private static async Task AssertTickedToNowAsync(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "projection.db*")) System.IO.File.Delete(file);
        await using var server = await ServerProcess.StartAsync(
            folder, "Development", "--Lifecycle:Engine:BackfillQuiet=00:00:01");
        var random = new Random(Seed);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var head = -1L;
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromMinutes(2) && await timer.WaitForNextTickAsync(Cancel))
        {
            var now = (await StoredStates.ReadAsync(folder)).Entries;
            if (now == head && patience.Elapsed > TimeSpan.FromSeconds(10)) break;
            head = now;
        }

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

    private static async Task<JsonDocument> GetAsync(ServerProcess server, string path) =>
        JsonDocument.Parse(await server.Http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel));

    /// <summary>The start of the UTC day: in a window of 365 days that is where an event's bucket starts.</summary>
    private static Instant DayOf(Instant instant) =>
        new(instant.Micros - (((instant.Micros % Instant.MicrosPerDay) + Instant.MicrosPerDay) % Instant.MicrosPerDay));

    private static async Task UntilGrownAsync(string folder, long entries)
    {
        await using var store = await SqliteStore.OpenReadOnlyAsync(folder);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var patience = Stopwatch.StartNew();
        while (await store.Journal.ReadHeadAsync(Cancel) < entries)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), $"The journal did not grow to {entries} entries.");
            await timer.WaitForNextTickAsync(Cancel);
        }
    }
}
