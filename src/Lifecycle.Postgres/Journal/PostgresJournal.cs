using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres.Journal;

/// <summary>The journal in the table of that name. A row's position is that of its batch and its place in it.</summary>
internal sealed class PostgresJournal(PostgresConnections connections, AppendLanes lanes, DurableWriter writer)
    : IJournal
{
    internal const string Columns =
        """
        f.first_position + j.n, j.customer, j.seq, j.event_key, j.occurred_at, j.recorded_at, j.at, j.prev, j.hash,
        j.body
        """;

    public int Lanes => connections.Options.Lanes;

    public Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel) =>
        lanes.AppendAsync(batch, cancel);

    /// <remarks>A new table finds no room that others left: its pages are asked of the disk, as its log is.</remarks>
    public Task TryWriteAsync(CancellationToken cancel) => writer.WriteAsync(
        connection => connection.ExecuteAsync(
            """
            create table trial as select md5(n::text) as value from generate_series(1, 2000) n;
            drop table trial
            """,
            cancel),
        cancel);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, long fromSeq, int limit, CancellationToken cancel) =>
        RowsAsync(
            $"""
            select {Columns} from journal j join feed f using (batch)
            where j.customer = $1 and j.seq >= $2 order by j.seq limit $3
            """,
            cancel, Of(customer), Of(fromSeq), Of(limit));

    public Task<IReadOnlyList<JournalRow>> ReadBackAsync(
        CustomerKey customer, long beforeSeq, int limit, CancellationToken cancel) =>
        RowsAsync(
            $"""
            select {Columns} from journal j join feed f using (batch)
            where j.customer = $1 and j.seq < $2 order by j.seq desc limit $3
            """,
            cancel, Of(customer), Of(beforeSeq), Of(limit));

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, IReadOnlyCollection<long> seqs, CancellationToken cancel) =>
        RowsAsync(
            $"""
            select {Columns} from journal j join feed f using (batch)
            where j.customer = $1 and j.seq = any ($2) order by j.seq
            """,
            cancel, Of(customer), Of<long>([.. seqs]));

    public async Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
        IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel)
    {
        if (eventKeys.Count == 0) return new Dictionary<Hash16, JournalRow>();
        var rows = await RowsAsync(
            $"""
            select {Columns} from event_keys k join journal j using (customer, seq) join feed f using (batch)
            where k.event_key = any ($1)
            """,
            cancel, Of(eventKeys));
        var found = new Dictionary<Hash16, JournalRow>(rows.Count);
        // A key that leads to the entry of another key finds nothing, and verify names it.
        foreach (var row in rows)
            if (row.EventKey is { } key) found.TryAdd(key, row);
        return found;
    }

    public Task<IReadOnlyList<JournalRow>> ReadFeedAsync(long afterPosition, int limit, CancellationToken cancel) =>
        RowsAsync(
            // Batch by batch, so that the index on batch is walked whatever the statistics say.
            $"""
            select {Columns} from (
                select first_position, batch from feed
                where first_position >= coalesce(
                        (select max(first_position) from feed where first_position <= $1 + 1), 1)
                    and first_position <= $1 + $2
                order by first_position) f
            cross join lateral (select * from journal where batch = f.batch offset 0) j
            where f.first_position + j.n > $1 and f.first_position + j.n <= $1 + $2
            order by 1
            """,
            cancel, Of(afterPosition), Of((long)limit));

    public async Task<long> ReadHeadAsync(CancellationToken cancel) =>
        (await connections.ReadAsync(ReadHead, r => r.GetInt64(0), cancel))[0];

    public Task<long?> ReadSettledHeadAsync(CancellationToken cancel) =>
        connections.ReadAsync(
            connection => SettledHead.ReadAsync(connection, connections.AliveLock, lanes.Time, cancel), cancel);

    public async Task<Hash16> ReadEpochAsync(CancellationToken cancel) =>
        (await connections.ReadAsync("select epoch from meta", r => r.GetHash(0), cancel))[0];

    public async Task<IReadOnlyList<CustomerKey>> ReadCustomersAsync(
        CustomerKey? after, int limit, CancellationToken cancel) =>
        await connections.ReadAsync(
            // Along the indexes alone, past the other entries. A step from customer to customer would look into every
            // partition each time: 150 microseconds for a customer against one for each of its entries.
            "select customer from journal where customer > $1 and seq = 1 order by customer limit $2",
            r => r.GetCustomer(0), cancel, Of(after?.ToGuid() ?? Guid.Empty), Of(limit));

    public async Task<IReadOnlyList<StoredEventKey>> ReadEventKeysAsync(
        Hash16? after, int limit, CancellationToken cancel) =>
        await connections.ReadAsync(
            """
            select k.event_key, f.first_position + j.n from event_keys k
            left join journal j on j.customer = k.customer and j.seq = k.seq and j.event_key = k.event_key
            left join feed f using (batch)
            where k.event_key > $1 order by k.event_key limit $2
            """,
            r => new StoredEventKey(r.GetHash(0), r.IsDBNull(1) ? null : r.GetInt64(1)), cancel,
            Of(after?.ToGuid() ?? Guid.Empty), Of(limit));

    internal const string ReadHead =
        "select coalesce((select first_position + count - 1 from feed order by first_position desc limit 1), 0)";

    internal static JournalRow ToRow(NpgsqlDataReader reader) => new(
        reader.GetCustomer(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetHash(3),
        reader.GetInstant(4), reader.GetInstant(5), reader.GetInstant(6), reader.GetHash(7), reader.GetHash(8),
        reader.GetBytes(9))
    {
        Position = reader.GetInt64(0),
    };

    private async Task<IReadOnlyList<JournalRow>> RowsAsync(
        string sql, CancellationToken cancel, params NpgsqlParameter[] values) =>
        await connections.ReadAsync(sql, ToRow, cancel, values);
}
