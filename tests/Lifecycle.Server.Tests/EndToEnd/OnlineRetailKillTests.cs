using System.Diagnostics;
using Lifecycle.Engine.Sqlite;
using Lifecycle.Tests.Shared;
using static Lifecycle.Server.Tests.EndToEnd.OnlineRetail;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The import of the real lines, with servers that are killed amid their commits.</summary>
public sealed class OnlineRetailKillTests(ITestOutputHelper output)
{
    private const int Seed = 20111211;
    private const int LinesMax = 60_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_at_ten_random_instants_and_imported_again_it_equals_an_undisturbed_run()
    {
        var random = new Random(Seed);
        var calm = Directory.CreateTempSubdirectory("lifecycle-calm-").FullName;
        var stormy = Directory.CreateTempSubdirectory("lifecycle-stormy-").FullName;
        var lines = await OnlineRetailHead.WriteAsync(stormy, LinesMax, Cancel);
        ImportCounts calmly;
        await using (var server = await ServerProcess.StartAsync(calm))
            calmly = await CountsAsync(server, lines);
        var expected = await StoredStates.ReadAsync(calm);

        // The keys of customers and events come from the installation's secret: both folders share it.
        System.IO.File.Copy(Path.Combine(calm, "installation.key"), Path.Combine(stormy, "installation.key"));
        // Each kill comes as soon as the journal has grown past a random length: always amid commits of new entries,
        // which are few at a time, so that there are some left for the last one.
        var targets = Enumerable.Range(0, 10).Select(_ => random.NextInt64(1, expected.Entries * 3 / 4)).Order();
        var heads = new List<long>();
        foreach (var target in targets)
            heads.Add(await KilledAsync(stormy, lines, Math.Max(target, heads.LastOrDefault() + 1)));

        output.WriteLine($"seed {Seed}: entries after each kill {string.Join(", ", heads)}");
        await using (var server = await ServerProcess.StartAsync(stormy))
        {
            var last = await CountsAsync(server, lines);
            Assert.Equal(calmly.Accepted, last.Accepted + last.Duplicates);
            await AssertVerifiedAsync(server, expected.Hashes.Count);
        }

        Assert.Equal(heads.Distinct(), heads);
        Assert.True(expected.Hashes.Count > 500, $"There are only {expected.Hashes.Count} customers.");
        var actual = await StoredStates.ReadAsync(stormy);
        Assert.Equal(expected.Entries, actual.Entries);
        Assert.Equal(expected.Hashes, actual.Hashes);
        Directory.Delete(calm, recursive: true);
        Directory.Delete(stormy, recursive: true);
    }

    private static async Task<ImportCounts> CountsAsync(ServerProcess server, string lines)
    {
        var (exitCode, report) = await OnlineRetailImport.RunAsync(server.Address, lines, Cancel);
        Assert.True(exitCode == 0, report);
        return ImportCounts.Of(report);
    }

    /// <summary>Imports until there are so many entries, and kills the server then; answers how many there are.</summary>
    private static async Task<long> KilledAsync(string folder, string lines, long entries)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<(int ExitCode, string Output)> import;
        await using (var server = await ServerProcess.StartAsync(folder))
        {
            await using var store = await SqliteStore.OpenReadOnlyAsync(folder);
            import = OnlineRetailImport.RunAsync(server.Address, lines, broken.Token, "--lanes", "2", "--batch", "10");
            await UntilGrownAsync(store, entries);
        }

        await broken.CancelAsync();
        Assert.NotEqual(0, (await import).ExitCode);
        return (await StoredStates.ReadAsync(folder)).Entries;
    }

    private static async Task UntilGrownAsync(SqliteStore store, long entries)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var patience = Stopwatch.StartNew();
        while (await store.Journal.ReadHeadAsync(Cancel) < entries)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), $"The journal did not grow to {entries} entries.");
            await timer.WaitForNextTickAsync(Cancel);
        }
    }
}
