using Lifecycle.Postgres;
using Lifecycle.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using static Lifecycle.Server.Tests.EndToEnd.OnlineRetail;

namespace Lifecycle.Server.Tests.EndToEnd;

/// <summary>The real file in both stores: the same customers.</summary>
public sealed class OnlineRetailPostgresTests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imported_into_PostgreSQL_it_gives_the_states_that_SQLite_gives()
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-both-").FullName;
        await using var database = await DatabaseServer.StartAsync();
        await using (var server = await ServerProcess.StartAsync(folder))
            AssertCounts(await ImportAsync(server), accepted: 22_190, duplicates: 0);
        var expected = await StoredStates.ReadAsync(folder);
        // In the same folder: the keys of customers come from the installation's secret.
        await using (var server = await ServerProcess.StartAsync(
                         folder, "Development", database.Options))
        {
            AssertCounts(await ImportAsync(server), accepted: 22_190, duplicates: 0);
            AssertCounts(await ImportAsync(server), accepted: 0, duplicates: 22_190);
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
}
