using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>The way to the server fails at each message of a commit, before and after the server has seen it.</summary>
public sealed class CutConnectionTests(TestServer server) : DatabaseTests(server)
{
    private Proxy? _proxy;

    private Proxy Proxy => _proxy!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _proxy = new Proxy(Database);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_proxy is not null) await _proxy.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(nameof(Fate.CutBefore))]
    [InlineData(nameof(Fate.CutAfter))]
    public async Task Cut_at_any_message_of_a_commit_every_row_is_written_once_and_the_answer_is_right(string fate)
    {
        var log = new EventLog();
        var store = Keep(await TestServer.OpenAsync(Options(Proxy.ConnectionString, exclusive: true), log));
        var name = 0;
        var expected = 0;
        // Until the statements are prepared, so that each round sends the same messages.
        for (var warm = 0; warm < 4; warm++) expected += await AppendAsync(store, $"w{name++}", expected);
        Proxy.Arm((_, _) => ValueTask.FromResult(Fate.Pass));
        expected += await AppendAsync(store, "counted", expected);
        var messages = Proxy.Messages;
        // Two batches of statements and two copies: a change that makes it one would leave nothing to cut.
        Assert.InRange(messages, 15, 60);

        for (var n = 0; n < messages; n++)
        {
            var cut = false;
            Proxy.Arm((number, _) =>
            {
                cut |= number == n;
                return ValueTask.FromResult(number == n ? Enum.Parse<Fate>(fate) : Fate.Pass);
            });
            expected += await AppendAsync(store, $"c{name++}", expected);
            Assert.True(cut, $"Message {n} never came.");
            // A new connection prepares its statements again.
            Proxy.Disarm();
            for (var warm = 0; warm < 4; warm++) expected += await AppendAsync(store, $"w{name++}", expected);
        }

        Assert.Equal(expected, (await ReadWholeAsync(store)).Count);
        // Each cut made one more attempt. At the last messages it was found that the first one had committed.
        Assert.Equal(messages, log.Count(1210));
        Assert.InRange(log.Count(1211), fate == nameof(Fate.CutAfter) ? 2 : 1, 3);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_found_out_on_another_connection()
    {
        var options = Options(Proxy.ConnectionString, exclusive: true);
        options.StatementSecondsMax = 1;
        var store = Keep(await TestServer.OpenAsync(options));
        var expected = await AppendAsync(store, "first", 0);
        // The last message of an append is what makes the server answer to the commit.
        Proxy.Arm((_, _) => ValueTask.FromResult(Fate.Pass));
        expected += await AppendAsync(store, "second", expected);
        var last = Proxy.Messages - 1;
        Proxy.Arm((n, _) => ValueTask.FromResult(n == last ? Fate.SilentAfter : Fate.Pass));
        expected += await AppendAsync(store, "third", expected);
        Assert.Equal(expected, (await ReadWholeAsync(store)).Count);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_reported_after_the_attempts_and_what_was_written_is_known_later()
    {
        var options = Options(Proxy.ConnectionString, exclusive: true);
        options.AppendAttemptsMax = 2;
        var store = Keep(await TestServer.OpenAsync(options));
        for (var warm = 0; warm < 4; warm++) await store.Journal.AppendAsync(Batch(Rows($"w{warm}", 1, 3)), Cancel);
        Proxy.Arm((_, _) => ValueTask.FromResult(Fate.Pass));
        await store.Journal.AppendAsync(Batch(Rows("ann", 1, 3)), Cancel);
        var last = Proxy.Messages - 1;
        var attempts = 0;
        // The commit is carried out and its answer lost; the second attempt does not get through at all.
        Proxy.Arm((n, _) =>
        {
            if (n != last) return ValueTask.FromResult(Fate.Pass);
            attempts++;
            Proxy.Arm((_, _) => ValueTask.FromResult(Fate.CutBefore));
            return ValueTask.FromResult(Fate.CutAfter);
        });
        var rows = Rows("bob", 1, 3);
        await Assert.ThrowsAsync<StoreException>(() => store.Journal.AppendAsync(Batch(rows), Cancel));
        Proxy.Disarm();
        Assert.Equal(1, attempts);
        // All of them, and whoever sends them again as another batch is told so.
        Assert.Equal(3, (await store.Journal.ReadAsync(Customer("bob"), 1, 9, Cancel)).Count);
        Assert.Equal([Customer("bob")], (await store.Journal.AppendAsync(Batch(rows), Cancel)).Conflicts);
        Assert.Equal(18, (await ReadWholeAsync(store)).Count);
    }

    /// <summary>Three customers, one of them new with a key of its own. Answers how many rows were written.</summary>
    private static async Task<int> AppendAsync(PostgresStore store, string name, int head)
    {
        var fresh = Row($"{name} fresh", 1);
        JournalRow[] rows = [fresh, .. Rows(name, 1, 3), await SharedStoreTests.NextAsync(store, "old", name)];
        var result = await store.Journal.AppendAsync(
            Batch(rows) with { Customers = [New($"{name} fresh")], Secrets = [Secret($"{name} fresh")] }, Cancel);
        Assert.Empty(result.Conflicts);
        Assert.Equal(head + 1, result.FirstPosition);
        var written = await store.Journal.ReadFeedAsync(head, 100, Cancel);
        Assert.Equal(rows.Select(r => r.Hash).Order(), written.Select(r => r.Hash).Order());
        Assert.NotNull(await store.Registry.ReadSecretAsync(fresh.Customer, Cancel));
        return rows.Length;
    }
}
