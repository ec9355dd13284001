using Lifecycle.Engine.Store;
using Npgsql;

namespace Lifecycle.Postgres.Tests.Support;

/// <summary>Tests with a database of their own, and as many stores on it as they open.</summary>
public abstract class DatabaseTests(TestServer server) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _opened = [];
    private string? _database;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected TestServer Server => server;

    protected string Database => _database!;

    public virtual async ValueTask InitializeAsync() => _database = await server.CreateAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened) await opened.DisposeAsync();
        if (_database is not null) await server.DropAsync(_database);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closed with the test.</summary>
    protected T Keep<T>(T opened) where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }

    /// <summary>A store that shares the database with others.</summary>
    protected async Task<PostgresStore> ShareAsync(string? connectionString = null) => Keep(
        await TestServer.OpenAsync(Options(connectionString, exclusive: false)));

    protected async Task<PostgresStore> OwnAsync(string? connectionString = null) => Keep(
        await TestServer.OpenAsync(Options(connectionString, exclusive: true)));

    protected PostgresOptions Options(string? connectionString, bool exclusive) => new()
    {
        ConnectionString = connectionString ?? Database, Exclusive = exclusive, OwnerWaitSecondsMax = 0,
    };

    /// <summary>By somebody else: an administrator, a report.</summary>
    protected async Task<object?> SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database) { Pooling = false, SearchPath = "lifecycle" }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }

    /// <summary>What an administrator does, or a network: done when the server has noticed.</summary>
    /// <param name="which">A condition on <c>pg_stat_activity</c>, which at least one session meets.</param>
    protected async Task EndSessionsAsync(string which)
    {
        var ended = 0L;
        while (await SqlAsync(
            $"""
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and {which}
            """) is long and > 0 and var left)
            ended += left;
        Assert.NotEqual(0, ended);
    }

    /// <summary>Every stored row, each with its position: gapless, and each customer's chain without a break.</summary>
    protected static async Task<IReadOnlyList<JournalRow>> ReadWholeAsync(IStore store)
    {
        var feed = await store.Journal.ReadFeedAsync(0, 1_000_000, Cancel);
        Assert.Equal(Enumerable.Range(1, feed.Count).Select(n => (long)n), feed.Select(row => row.Position));
        Assert.Equal(feed.Count, await store.Journal.ReadHeadAsync(Cancel));
        foreach (var customer in feed.GroupBy(row => row.Customer))
        {
            var before = default(JournalRow);
            foreach (var row in customer)
            {
                Assert.Equal((before?.Seq ?? 0) + 1, row.Seq);
                Assert.Equal(before?.Hash ?? default, row.Prev);
                before = row;
            }
        }

        return feed;
    }
}
