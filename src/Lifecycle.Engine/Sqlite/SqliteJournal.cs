using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite;

/// <summary>The journal in <c>journal.db</c>.</summary>
internal sealed class SqliteJournal : IJournal
{
    internal const string Columns =
        "position, customer, seq, event_key, occurred_at, recorded_at, at, prev, hash, body";

    /// <summary>Some hundred entries.</summary>
    private const string TrialBytes = "65536";

    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly CommittedRows _committed = new();

    public SqliteJournal(SqliteWriter writer, SqliteReaders readers)
    {
        (_writer, _readers) = (writer, readers);
        writer.Reopening = _committed.Forget;
    }

    /// <summary>SQLite has one writer.</summary>
    public int Lanes => 1;

    public async Task<AppendResult> AppendAsync(JournalBatch batch, CancellationToken cancel)
    {
        var life = 0L;
        var result = await _writer.WriteAsync(
            session =>
            {
                life = _committed.Life;
                return SqliteAppend.Run(session, batch, _committed);
            },
            cancel);
        _committed.Keep(result.Of(batch.Rows), life);
        return result;
    }

    /// <summary>Two transactions: pages that are freed in the one that takes them are not written at all.</summary>
    public async Task TryWriteAsync(CancellationToken cancel)
    {
        await _writer.WriteAsync(
            session => session.Execute(
                $"insert or replace into meta (key, value) values ('trial', zeroblob({TrialBytes}))"), cancel);
        await _writer.WriteAsync(session => session.Execute("delete from meta where key = 'trial'"), cancel);
    }

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, long fromSeq, int limit, CancellationToken cancel) =>
        RowsAsync(
            $"select {Columns} from journal where customer = $1 and seq >= $2 order by seq limit $3", cancel,
            customer.Value, fromSeq, limit);

    public Task<IReadOnlyList<JournalRow>> ReadBackAsync(
        CustomerKey customer, long beforeSeq, int limit, CancellationToken cancel) =>
        RowsAsync(
            $"select {Columns} from journal where customer = $1 and seq < $2 order by seq desc limit $3", cancel,
            customer.Value, beforeSeq, limit);

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        CustomerKey customer, IReadOnlyCollection<long> seqs, CancellationToken cancel) =>
        RowsAsync(
            $"""
            select {Columns} from journal
            where customer = $1 and seq in (select value from json_each($2)) order by seq
            """, cancel,
            customer.Value, seqs.ToJsonList());

    public async Task<IReadOnlyDictionary<Hash16, JournalRow>> FindAsync(
        IReadOnlyCollection<Hash16> eventKeys, CancellationToken cancel)
    {
        if (eventKeys.Count == 0) return new Dictionary<Hash16, JournalRow>();
        var rows = await RowsAsync(
            $"""
            select {Columns} from journal
            where event_key is not null and event_key in (select unhex(value) from json_each($1))
            """, cancel,
            eventKeys.ToJsonList());
        var found = new Dictionary<Hash16, JournalRow>(rows.Count);
        // Two of one key are in a damaged file alone; verify names the second.
        foreach (var row in rows) found.TryAdd(row.EventKey!.Value, row);
        return found;
    }

    public Task<IReadOnlyList<JournalRow>> ReadFeedAsync(long afterPosition, int limit, CancellationToken cancel) =>
        RowsAsync(
            $"select {Columns} from journal where position > $1 order by position limit $2", cancel,
            afterPosition, limit);

    public Task<long> ReadHeadAsync(CancellationToken cancel) =>
        _readers.ReadAsync(ReadHead, cancel);

    /// <summary>The writer is in this process: when an append has failed, nothing of it is under way.</summary>
    public async Task<long?> ReadSettledHeadAsync(CancellationToken cancel) => await ReadHeadAsync(cancel);

    public async Task<Hash16> ReadEpochAsync(CancellationToken cancel)
    {
        var found = await _readers.ReadAsync(
            session => session.ReadAll(reader => reader.GetHash(0), "select value from meta where key = 'epoch'"), cancel);
        if (found is [var epoch]) return epoch;
        throw new StoreException(
            "The journal has no epoch yet. Start the server of this version on the folder once.");
    }

    public async Task<IReadOnlyList<CustomerKey>> ReadCustomersAsync(
        CustomerKey? after, int limit, CancellationToken cancel) =>
        await _readers.ReadAsync(
            // Along the index alone: for some dozens of entries a customer that is less work than a step down for each.
            // An empty blob is the least.
            session => session.ReadAll(
                reader => reader.GetCustomer(0),
                "select customer from journal where customer > $1 and seq = 1 order by customer limit $2",
                after is { } key ? key.Value : Array.Empty<byte>(), limit),
            cancel);

    public async Task<IReadOnlyList<StoredEventKey>> ReadEventKeysAsync(
        Hash16? after, int limit, CancellationToken cancel) =>
        await _readers.ReadAsync(
            // The keys are read from the index alone, and the rows by their place in the table: neither stands in for
            // the other.
            session => session.ReadAll(
                reader => new StoredEventKey(reader.GetHash(0), reader.IsDBNull(1) ? null : reader.GetInt64(1)),
                """
                select k.event_key, j.position from journal k indexed by journal_event_key
                left join journal j not indexed on j.position = k.position and j.event_key = k.event_key
                where k.event_key is not null and k.event_key > $1 order by k.event_key limit $2
                """,
                after is { } key ? key : Array.Empty<byte>(), limit),
            cancel);

    /// <summary>The position of the last row, in whatever transaction the session is.</summary>
    internal static long ReadHead(SqliteSession session) =>
        session.ReadNumber("select max(position) from journal") ?? 0;

    private async Task<IReadOnlyList<JournalRow>> RowsAsync(
        string sql, CancellationToken cancel, params object?[] values) =>
        await _readers.ReadAsync(session => session.ReadAll(Read, sql, values), cancel);

    /// <summary>A row of all columns in their order.</summary>
    internal static JournalRow Read(SqliteDataReader reader) => new(
        reader.GetCustomer(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetHash(3),
        reader.GetInstant(4), reader.GetInstant(5), reader.GetInstant(6), reader.GetHash(7), reader.GetHash(8),
        reader.GetBlob(9))
    {
        Position = reader.GetInt64(0),
    };
}
