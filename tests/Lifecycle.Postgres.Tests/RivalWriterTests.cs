using Lifecycle.Engine.Store;
using Lifecycle.Postgres.Tests.Support;
using static Lifecycle.Compliance.Histories;

namespace Lifecycle.Postgres.Tests;

/// <summary>Another process writes for the same customer at each point of a pipeline of three batches.</summary>
public sealed class RivalWriterTests(TestServer server) : DatabaseTests(server)
{
    private const int Batches = 3;

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
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whenever_a_rival_writes_one_wins_and_the_other_hears_of_it(bool sameEvent)
    {
        var store = await ShareAsync(Proxy.ConnectionString);
        var rival = await ShareAsync();
        for (var warm = 0; warm < 4; warm++) await PipelineAsync(store, $"warm {warm}", rival: null);
        Proxy.Arm((_, _) => ValueTask.FromResult(Fate.Pass));
        await PipelineAsync(store, "counted", rival: null);
        var messages = Proxy.Messages;
        Proxy.Disarm();
        Assert.InRange(messages, 30, 200);

        var (won, lost) = (0, 0);
        for (var point = 0; point <= messages; point++)
        {
            var customer = $"customer {point}";
            Rivalry? rivalry = null;
            if (point < messages)
            {
                Proxy.Arm(async (number, _) =>
                {
                    if (number == point) rivalry = await StartAsync(rival, customer, sameEvent);
                    return Fate.Pass;
                });
            }

            var wins = await PipelineAsync(store, customer, () => rivalry?.Append);
            Proxy.Disarm();
            Assert.Equal(point < messages, rivalry is not null);
            rivalry ??= await StartAsync(rival, customer, sameEvent);
            var beaten = (await rivalry.Append).Conflicts.Contains(Customer(customer));
            // What the rival won the pipeline lost, from there on. A commit that is held only at its answer counts.
            Assert.Equal(beaten ? Batches : rivalry.Row.Seq - 1, wins);
            var rows = await rival.Journal.ReadAsync(Customer(customer), 1, 100, Cancel);
            Assert.Equal(wins + (beaten ? 0 : 1), rows.Count);
            if (beaten) lost++;
            else won++;
        }

        await ReadWholeAsync(rival);
        // Both happen: the rival comes before the rows are sent and after they were.
        Assert.InRange(won, 3, messages);
        Assert.InRange(lost, 3, messages);
    }

    /// <summary>
    /// The rival decides on what is committed. It has written, or waits for the one that is held, when this returns.
    /// </summary>
    private async Task<Rivalry> StartAsync(PostgresStore rival, string customer, bool sameEvent)
    {
        var row = await SharedStoreTests.NextAsync(rival, customer, "rival");
        if (sameEvent) row = row with { EventKey = Row(customer, (int)row.Seq).EventKey };
        var append = Task.Run(() => rival.Journal.AppendAsync(Batch(row), Cancel), Cancel);
        while (!append.IsCompleted && (long)(await SqlAsync(
            """
            select count(*) from pg_locks l join pg_stat_activity a using (pid)
            where a.datname = current_database() and not l.granted and l.locktype = 'transactionid'
            """))! == 0)
            await Task.Yield();
        return new(row, append);
    }

    /// <summary>Three batches that were decided one upon the other; answers how many were written.</summary>
    private static async Task<int> PipelineAsync(
        PostgresStore store, string customer, Func<Task<AppendResult>?>? rival)
    {
        var wins = 0;
        for (var seq = 1; seq <= Batches; seq++)
        {
            var result = await store.Journal.AppendAsync(Batch(Row(customer, seq)), Cancel);
            if (result.Conflicts.Count == 0) Assert.Equal(++wins, seq);
            // Who waits for this batch knows now; the next one comes after it.
            if (rival?.Invoke() is { } waiting) await waiting;
        }

        return wins;
    }

    /// <param name="Row">What the rival writes.</param>
    /// <param name="Append">What comes of it.</param>
    private sealed record Rivalry(JournalRow Row, Task<AppendResult> Append);
}
