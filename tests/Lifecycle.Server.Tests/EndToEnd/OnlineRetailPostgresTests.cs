using Lifecycle.Postgres;
using Lifecycle.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using static Lifecycle.Server.Tests.EndToEnd.OnlineRetail;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>Real lines in both stores: the same customers.</summary>
public sealed class OnlineRetailPostgresTests(ITestOutputHelper output)
{
    private const int LinesMax = 120_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imported_into_PostgreSQL_it_gives_the_states_that_SQLite_gives()
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-both-").FullName;
        var lines = await OnlineRetailHead.WriteAsync(folder, LinesMax, Cancel);
        await using var database = await DatabaseServer.StartAsync();
        ImportCounts counts;
        await using (var server = await ServerProcess.StartAsync(folder))
            counts = ImportCounts.Of(await ImportAsync(server, lines));
        Assert.Equal(0, counts.Duplicates);
        var expected = await StoredStates.ReadAsync(folder);
        Assert.True(expected.Hashes.Count > 1_000, $"There are only {expected.Hashes.Count} customers.");
        // In the same folder: the keys of customers come from the installation's secret.
        await using (var server = await ServerProcess.StartAsync(
                         folder, "Development", database.Options))
        {
            Assert.Equal(counts, ImportCounts.Of(await ImportAsync(server, lines)));
            Assert.Equal(
                counts with { Accepted = 0, Duplicates = counts.Accepted },
                ImportCounts.Of(await ImportAsync(server, lines)));
            await AssertVerifiedAsync(server, expected.Hashes.Count);
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
}
