using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Lifecycle.Postgres.Tests.Support;
using Npgsql;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>A commit goes on inside the server after the process that sent it has given it up, or is gone.</summary>
public sealed class CommitUnderWayTests(TestServer server) : DatabaseTests(server)
{
    private static readonly long FeedLock = new StoreLocks("lifecycle").Feed;

    [Fact]
    public async Task A_writer_is_gone_only_when_nothing_that_it_sent_can_be_committed_any_more()
    {
        await using var proxy = new Proxy(Database);
        var peer = await ShareAsync();
        var gone = await OpenAsync(proxy);
        await peer.Projection.ClaimAsync(Cancel);
        await gone.Projection.ClaimAsync(Cancel);
        await using (var hold = await HoldCommitsAsync())
        {
            await GiveUpAsync(gone, proxy);
            await gone.DisposeAsync();
            // The server ends the sessions that have nothing to do.
            await proxy.DisposeAsync();
            Assert.Null(await peer.Projection.ClaimAsync(Cancel));
            await peer.Projection.WriteAsync([], 3, Cancel);
            Assert.Equal(0, await peer.Projection.ReadWatermarkAsync(Cancel));
        }

        long? from;
        while ((from = await peer.Projection.ClaimAsync(Cancel)) is null) await Task.Delay(10, Cancel);
        Assert.Equal((0, 3), (from, await peer.Journal.ReadHeadAsync(Cancel)));
    }

    [Fact]
    public async Task The_head_is_settled_only_when_nothing_that_was_given_up_can_be_committed_any_more()
    {
        await using var proxy = new Proxy(Database);
        await using var store = await OpenAsync(proxy);
        Assert.Equal(0, await store.Journal.ReadSettledHeadAsync(Cancel));
        await using (var hold = await HoldCommitsAsync())
        {
            await GiveUpAsync(store, proxy);
            Assert.Null(await store.Journal.ReadSettledHeadAsync(Cancel));
        }

        Assert.Equal(3, await store.Journal.ReadSettledHeadAsync(Cancel));
    }

    private async Task<PostgresStore> OpenAsync(Proxy proxy)
    {
        var options = Options(proxy.ConnectionString, exclusive: false);
        options.AppendAttemptsMax = 1;
        return await TestServer.OpenAsync(options);
    }

    /// <summary>What waits for a position waits until this is closed.</summary>
    private async Task<NpgsqlConnection> HoldCommitsAsync()
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"select pg_advisory_lock({FeedLock})", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    /// <summary>The process loses its connections while the server carries out the commit.</summary>
    private async Task GiveUpAsync(PostgresStore store, Proxy proxy)
    {
        var append = store.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        while (await SqlAsync("select count(*) from pg_locks where locktype = 'advisory' and not granted") is 0L)
            await Task.Delay(10, Cancel);
        proxy.LoseClients();
        await Assert.ThrowsAsync<StoreException>(() => append);
    }
}
