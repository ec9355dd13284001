using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Schema;
using Lifecycle.Postgres.Tests.Support;
using Npgsql;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>Several processes on one database.</summary>
public sealed class SharedStoreTests(TestServer server) : DatabaseTests(server)
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Stores_side_by_side_lose_nothing_and_the_feed_is_in_the_order_of_commits(int stores)
    {
        const int batches = 30, customers = 5;
        var opened = new List<PostgresStore>();
        for (var i = 0; i < stores; i++) opened.Add(await ShareAsync());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reader = Task.Run(() => FollowAsync(opened[0], stop.Token), Cancel);

        await Task.WhenAll(opened.SelectMany((store, s) => Enumerable.Range(0, 2).Select(lane => Task.Run(
            async () =>
            {
                for (var seq = 1; seq <= batches; seq++)
                {
                    var rows = Enumerable.Range(0, customers).Select(c => Row($"s{s} l{lane} c{c}", seq));
                    Assert.Empty((await store.Journal.AppendAsync(Batch(rows), Cancel)).Conflicts);
                }
            },
            Cancel))));

        var feed = await ReadWholeAsync(opened[^1]);
        Assert.Equal(stores * 2 * batches * customers, feed.Count);
        await stop.CancelAsync();
        Assert.Equal(feed.Select(row => row.Hash), await reader);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Of_rivals_for_the_same_customers_one_wins_each_row(int stores)
    {
        const int rounds = 40;
        var opened = new List<PostgresStore>();
        for (var i = 0; i < stores; i++) opened.Add(await ShareAsync());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reader = Task.Run(() => FollowAsync(opened[0], stop.Token), Cancel);

        // Each decides on what it last read, as a stale activation does, and reads anew when it lost.
        var written = await Task.WhenAll(opened.Select((store, s) => Task.Run(
            () => CompeteAsync(store, $"branch {s}", rounds), Cancel)));

        var feed = await ReadWholeAsync(opened[0]);
        Assert.Equal(written.Sum(), feed.Count);
        Assert.Equal(feed.Count, feed.DistinctBy(row => row.EventKey).Count());
        Assert.Equal(2 * rounds * stores, feed.Count);
        await stop.CancelAsync();
        Assert.Equal(feed.Select(row => row.Hash), await reader);
    }

    [Fact]
    public async Task Stores_opened_at_once_on_an_empty_database_make_the_tables_once()
    {
        var empty = await Server.CreateEmptyAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => ShareAsync(empty), Cancel)));
        for (var i = 0; i < opened.Length; i++)
            Assert.Equal(i + 1, (await opened[i].Journal.AppendAsync(Batch(Row($"c{i}", 1)), Cancel)).FirstPosition);
        Assert.Single(opened.Select(s => s.Journal.ReadEpochAsync(Cancel).Result).Distinct());
        foreach (var store in opened) await store.DisposeAsync();
        await Server.DropAsync(empty);
    }

    [Fact]
    public async Task A_store_that_shares_sees_what_the_others_registered()
    {
        var (one, other) = (await ShareAsync(), await ShareAsync());
        var added = await Task.WhenAll(
            one.Registry.AddProgramAsync("program: a", Start, Cancel),
            other.Registry.AddProgramAsync("program: b", Start, Cancel));
        Assert.Equal([1, 2], added.Select(program => program.Version).Order());
        Assert.Equal(added.OrderBy(p => p.Version), await one.Registry.ReadProgramsAsync(Cancel));
    }

    [Fact]
    public async Task While_somebody_changes_the_activations_nobody_reads_them()
    {
        var store = await ShareAsync();
        await using var changing = new NpgsqlConnection(Database);
        await changing.OpenAsync(Cancel);
        await using var transaction = await changing.BeginTransactionAsync(Cancel);
        await using var change = new NpgsqlCommand(
            $"select pg_advisory_xact_lock({new StoreLocks("lifecycle").Programs})", changing, transaction);
        await change.ExecuteNonQueryAsync(Cancel);
        // Its thread waits.
        var reading = Task.Run(() => store.Registry.ReadActivationsAsync(Cancel), Cancel);
        await Task.Delay(200, Cancel);
        Assert.False(reading.IsCompleted);
        change.CommandText = "select clock_timestamp()";
        var looked = Instant.From((DateTime)(await change.ExecuteScalarAsync(Cancel))!);
        await transaction.CommitAsync(Cancel);
        // Certain from after the change on.
        Assert.True((await reading).Clock > looked);
    }

    [Fact]
    public async Task Of_processes_that_make_the_first_key_at_once_one_does()
    {
        var stores = new List<PostgresStore>();
        for (var i = 0; i < 3; i++) stores.Add(await ShareAsync());
        await stores[0].Registry.AddApiKeyAsync(new("till", "till", new byte[] { 1 }, ["ingest"], Start, null), Cancel);
        var made = await Task.WhenAll(stores.Select((store, i) => Task.Run(
            () => store.Registry.AddFirstApiKeyAsync(
                new($"k{i}", "first", new byte[] { 1 }, ["admin"], Start, null), Cancel), Cancel)));
        Assert.Single(made, isMade => isMade);
        Assert.Equal(2, (await stores[0].Registry.ReadApiKeysAsync(Cancel)).Count);
    }

    /// <summary>Reads on behind the last row, over and over: what was passed never changes.</summary>
    private static async Task<List<Domain.Entries.Hash16>> FollowAsync(PostgresStore store, CancellationToken stop)
    {
        var seen = new List<Domain.Entries.Hash16>();
        while (true)
        {
            var stopping = stop.IsCancellationRequested;
            var page = await store.Journal.ReadFeedAsync(seen.Count, 50, Cancel);
            if (stopping && page.Count == 0) return seen;
            foreach (var row in page)
            {
                Assert.Equal(seen.Count + 1, row.Position);
                seen.Add(row.Hash);
            }
        }
    }

    /// <summary>Writes so many rows of two customers that others write too.</summary>
    private static async Task<int> CompeteAsync(PostgresStore store, string branch, int rounds)
    {
        string[] names = ["ann", "bob"];
        var left = names.ToDictionary(name => name, _ => rounds);
        var written = 0;
        while (left.Values.Any(n => n > 0))
        {
            var wanted = names.Where(name => left[name] > 0).ToList();
            var rows = new List<JournalRow>();
            foreach (var name in wanted) rows.Add(await NextAsync(store, name, branch));
            var result = await store.Journal.AppendAsync(Batch(rows), Cancel);
            foreach (var name in wanted.Where(name => !result.Conflicts.Contains(Customer(name))))
            {
                left[name]--;
                written++;
            }
        }

        return written;
    }

    internal static async Task<JournalRow> NextAsync(IStore store, string customer, string branch)
    {
        var head = (await store.Journal.ReadBackAsync(Customer(customer), long.MaxValue, 1, Cancel)).SingleOrDefault();
        var seq = (int)(head?.Seq ?? 0) + 1;
        return Row(customer, seq, branch) with { Prev = head?.Hash ?? default };
    }
}
