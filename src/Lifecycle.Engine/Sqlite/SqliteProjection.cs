using System.Diagnostics;
using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite;

/// <summary>The customers' rows in <c>projection.db</c>.</summary>
internal sealed class SqliteProjection(SqliteWriter writer, SqliteReaders readers) : IProjection
{
    private int _claimed;

    private const string Columns =
        "customer, seq, position, hash, at, recorded_at, due_at, stage, available, pending, held, orders, " +
        "spend_minor, first_order_at, last_order_at, state";

    public Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel) =>
        writer.WriteAsync(session => Write(session, rows, watermark), cancel);

    public Task<long> ReadWatermarkAsync(CancellationToken cancel) => readers.ReadAsync(ReadWatermark, cancel);

    /// <summary>The table has one writer: what it left the last time is all there is to take over.</summary>
    public async Task<long?> ClaimAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref _claimed) == 1) return null;
        var watermark = await ReadWatermarkAsync(cancel);
        Volatile.Write(ref _claimed, 1);
        return watermark;
    }

    public Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel) =>
        readers.ReadAsync(
            session => session.ReadAll(
                Read, $"select {Columns} from customers where customer = $1", customer.Value).SingleOrDefault(),
            cancel);

    public async Task<IReadOnlyList<CustomerRow>> ReadAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                Read,
                $"select {Columns} from customers where customer in (select unhex(value) from json_each($1))",
                customers.Select(c => c.Value).ToJsonList()),
            cancel);

    public async Task<IReadOnlyList<CustomerRow>> ListAsync(RowQuery query, CancellationToken cancel)
    {
        var value = query.Column switch
        {
            RowColumn.Available => "available",
            RowColumn.Orders => "orders",
            RowColumn.SpendMinor => "spend_minor",
            // Not the literal of the least integer, which SQL reads as a negated number that is too large.
            RowColumn.LastOrderAt => "coalesce(last_order_at, -9223372036854775807 - 1)",
            _ => throw new UnreachableException($"There is no column {query.Column}."),
        };
        var (compare, order) = query.Descending ? ("<", "desc") : (">", "asc");
        // Keys first: the states, which are most of the bytes, are read only of the rows that are answered.
        var sql = $"""
            with found (customer, value) as (
                select customer, {value} from customers
                where ($1 is null or stage = $1) and ($2 is null or available >= $2)
                    and ($3 is null or ({value}, customer) {compare} ($3, $4))
                order by 2 {order}, 1 {order} limit $5)
            select {Columns} from found join customers using (customer) order by value {order}, customer {order}
            """;
        return await readers.ReadAsync(
            session => session.ReadAll(
                Read, sql, query.Stage, query.AvailableMin, query.After?.Value,
                query.After is { } last ? last.Customer.Value : Array.Empty<byte>(), query.Limit),
            cancel);
    }

    public async Task<IReadOnlyList<CustomerKey>> ReadDueAsync(
        Instant until, int limit, KeyShare share, CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => reader.GetCustomer(0),
                // Along the index of due instants: the plus keeps the planner from walking the range of keys.
                """
                select customer from customers
                where due_at <= $1 and due_at < 9223372036854775807 and +customer between $2 and $3
                order by due_at, customer limit $4
                """,
                until.Micros, share.First.Value, share.Last.Value, limit),
            cancel);

    public async Task<IReadOnlyList<CustomerRow>> ScanAsync(CustomerKey? after, int limit, CancellationToken cancel) =>
        await readers.ReadAsync(
            // An empty blob is below all keys.
            session => session.ReadAll(
                Read, $"select {Columns} from customers where customer > $1 order by customer limit $2",
                after is { } key ? key.Value : Array.Empty<byte>(), limit),
            cancel);

    public async Task<IReadOnlyList<StoredState>> ScanStatesAsync(
        CustomerKey? after, int limit, CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => new StoredState(
                    reader.GetCustomer(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetHash(3), reader.GetBlob(4)),
                "select customer, seq, position, hash, state from customers where customer > $1 order by customer limit $2",
                after is { } key ? key.Value : Array.Empty<byte>(), limit),
            cancel);

    public async Task<long> CountAsync(CancellationToken cancel) =>
        await readers.ReadAsync(session => session.ReadNumber("select count(*) from customers") ?? 0, cancel);

    public Task WriteDueAsync(IReadOnlyList<DueRow> rows, CancellationToken cancel) =>
        writer.WriteAsync(
            session => rows.Sum(row => session.Execute(
                "update customers set due_at = $3 where customer = $1 and seq = $2",
                row.Customer.Value, row.Seq, row.DueAt.Micros)),
            cancel);

    public Task<string> ReadSweptAsync(CancellationToken cancel) =>
        readers.ReadAsync(
            session => session.ReadText("select value from meta where key = 'swept'") ?? "", cancel);

    public Task WriteSweptAsync(string mark, CancellationToken cancel) =>
        writer.WriteAsync(
            session => session.Execute("insert or replace into meta (key, value) values ('swept', $1)", mark), cancel);

    internal static long ReadWatermark(SqliteSession session) =>
        session.ReadNumber("select value from meta where key = 'watermark'") ?? 0;

    private static bool Write(SqliteSession session, IReadOnlyList<CustomerRow> rows, long watermark)
    {
        // In the order of the keys, so that neighbours on a page are written together.
        foreach (var row in rows.OrderBy(row => row.Customer))
        {
            if (row.Replaces is { } useless)
            {
                session.Execute(
                    "delete from customers where customer = $1 and seq = $2 and hash = $3", row.Customer.Value,
                    useless.Seq, useless.Hash);
            }

            Write(session, row);
        }

        session.Execute("insert or replace into meta (key, value) values ('watermark', $1)", watermark);
        return true;
    }

    private static void Write(SqliteSession session, CustomerRow row) => session.Execute(
        $"""
        insert into customers ({Columns})
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (customer) do update set
            seq = excluded.seq, position = excluded.position, hash = excluded.hash, at = excluded.at,
            recorded_at = excluded.recorded_at, due_at = excluded.due_at, stage = excluded.stage,
            available = excluded.available, pending = excluded.pending, held = excluded.held, orders = excluded.orders,
            spend_minor = excluded.spend_minor, first_order_at = excluded.first_order_at,
            last_order_at = excluded.last_order_at, state = excluded.state
        where customers.seq <= excluded.seq
        """,
        row.Customer.Value, row.Seq, row.Position, row.Hash, row.At.Micros, row.RecordedAt.Micros, row.DueAt.Micros,
        row.Stage, row.Available, row.Pending, row.Held, row.Orders, row.SpendMinor, row.FirstOrderAt.ToColumn(),
        row.LastOrderAt.ToColumn(), row.State.ToBlob());

    private static CustomerRow Read(SqliteDataReader reader) => new(
        reader.GetCustomer(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetHash(3), reader.GetInstant(4),
        reader.GetInstant(5), reader.GetInstant(6), reader.GetString(7), reader.GetInt64(8), reader.GetInt64(9),
        reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12), reader.GetInstantOrNull(13),
        reader.GetInstantOrNull(14), reader.GetBlob(15));
}
