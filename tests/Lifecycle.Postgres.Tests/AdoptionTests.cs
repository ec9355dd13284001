using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>A database that was put back becomes a history of its own, when nobody uses it.</summary>
public sealed class AdoptionTests(TestServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task A_store_in_use_and_a_schema_without_one_are_not_adopted()
    {
        foreach (var store in new[] { await OwnAsync(), null })
        {
            await using var opened = store ?? await ShareAsync();
            var used = await Assert.ThrowsAsync<StoreException>(() => AdoptAsync());
            Assert.Contains("in use by", used.Message, StringComparison.Ordinal);
        }

        var none = await Assert.ThrowsAsync<StoreException>(() => AdoptAsync("elsewhere"));
        Assert.Contains("holds no store", none.Message, StringComparison.Ordinal);
        Assert.Equal(false, await SqlAsync("select to_regnamespace('elsewhere') is not null"));
    }

    [Fact]
    public async Task A_journal_that_is_not_whole_is_adopted_only_when_that_is_accepted()
    {
        await using (var store = await OwnAsync())
            await store.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        var epoch = await SqlAsync("select epoch from meta");
        // The rows of these tests are no entries that could be folded.
        var refused = await AdoptAsync();
        Assert.False(refused.Adopted);
        Assert.Equal(epoch, await SqlAsync("select epoch from meta"));
        var accepted = await AdoptAsync(accept: true);
        Assert.Equal((true, 3, 1), (accepted.Adopted, accepted.End.Position, accepted.End.Customers));
        Assert.NotEqual(epoch, await SqlAsync("select epoch from meta"));
        Assert.Equal(accepted.Epoch, ((Guid)(await SqlAsync("select epoch from meta"))!).ToHash());
        Assert.Equal(DBNull.Value, await SqlAsync("select owner from meta"));
    }

    private Task<AdoptionSummary> AdoptAsync(string schema = "lifecycle", bool accept = false) =>
        PostgresAdoption.RunAsync(
            new() { ConnectionString = Database, Schema = schema, OwnerWaitSecondsMax = 0 }, accept,
            TimeProvider.System, null, Cancel);
}
