using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite;

/// <summary>The customers' rows in <c>projection.db</c>.</summary>
internal sealed class SqliteProjection(SqliteWriter writer, SqliteReaders readers) : IProjection
{
    private const string Columns =
        "customer, seq, position, hash, at, recorded_at, due_at, stage, available, pending, held, orders, " +
        "spend_minor, first_order_at, last_order_at, state";

    public Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel) =>
        writer.WriteAsync(session => Write(session, rows, watermark), cancel);

    public Task<long> ReadWatermarkAsync(CancellationToken cancel) => readers.ReadAsync(ReadWatermark, cancel);

    public Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel) =>
        readers.ReadAsync(
            session => session.ReadAll(
                Read, $"select {Columns} from customers where customer = $1", customer.Value).SingleOrDefault(),
            cancel);

    public async Task<IReadOnlyList<CustomerKey>> ReadDueAsync(Instant until, int limit, CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => reader.GetCustomer(0),
                """
                select customer from customers
                where due_at <= $1 and due_at < 9223372036854775807 order by due_at, customer limit $2
                """,
                until.Micros, limit),
            cancel);

    public async Task<IReadOnlyList<CustomerRow>> ScanAsync(CustomerKey? after, int limit, CancellationToken cancel) =>
        await readers.ReadAsync(
            // An empty blob is below all keys.
            session => session.ReadAll(
                Read, $"select {Columns} from customers where customer > $1 order by customer limit $2",
                after is { } key ? key.Value : Array.Empty<byte>(), limit),
            cancel);

    public Task DropAsync(CustomerKey customer, CancellationToken cancel) =>
        writer.WriteAsync(
            session => session.Execute("delete from customers where customer = $1", customer.Value), cancel);

    internal static long ReadWatermark(SqliteSession session) =>
        session.ReadNumber("select value from meta where key = 'watermark'") ?? 0;

    private static bool Write(SqliteSession session, IReadOnlyList<CustomerRow> rows, long watermark)
    {
        // In the order of the keys, so that neighbours on a page are written together.
        foreach (var row in rows.OrderBy(row => row.Customer)) Write(session, row);
        session.Execute("insert or replace into meta (key, value) values ('watermark', $1)", watermark);
        return true;
    }

    private static void Write(SqliteSession session, CustomerRow row) => session.Execute(
        $"""
        insert into customers ({Columns})
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (customer) do update set
            seq = excluded.seq, position = excluded.position, hash = excluded.hash, at = excluded.at,
            recorded_at = excluded.recorded_at, due_at = excluded.due_at, stage = excluded.stage, available = excluded.available,
            pending = excluded.pending, held = excluded.held, orders = excluded.orders,
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
