using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres.Projection;

/// <summary>The customers' rows in the table of that name.</summary>
internal sealed class PostgresProjection(PostgresConnections connections, ProjectionWriter writer) : IProjection
{
    public Task WriteAsync(IReadOnlyList<CustomerRow> rows, long watermark, CancellationToken cancel) =>
        writer.WriteAsync(rows, watermark, cancel);

    public Task<long?> ClaimAsync(CancellationToken cancel) => writer.ClaimAsync(cancel);

    public async Task<long> ReadWatermarkAsync(CancellationToken cancel) =>
        (await connections.ReadAsync(
            "select coalesce(min(watermark), 0) from writers", r => r.GetInt64(0), cancel))[0];

    public async Task<CustomerRow?> ReadAsync(CustomerKey customer, CancellationToken cancel) =>
        (await connections.ReadAsync(
            $"select {ProjectionRows.Columns} from customers where customer = $1", ProjectionRows.Read, cancel,
            Of(customer))).SingleOrDefault();

    public async Task<IReadOnlyList<CustomerRow>> ReadAsync(
        IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel) =>
        await connections.ReadAsync(
            $"select {ProjectionRows.Columns} from customers where customer = any ($1)", ProjectionRows.Read, cancel,
            Of(customers));

    public async Task<IReadOnlyList<CustomerRow>> ListAsync(RowQuery query, CancellationToken cancel)
    {
        var value = ProjectionRows.ValueOf(query.Column);
        var (compare, order) = query.Descending ? ("<", "desc") : (">", "asc");
        // Keys first: the states, which are most of the bytes, are read only of the rows that are answered.
        return await connections.ReadTableAsync(
            $"""
            with found (customer, value) as materialized (
                select customer, {value} from customers
                where ($1 is null or stage = $1) and ($2 is null or available >= $2)
                    and ($3 is null or ({value}, customer) {compare} ($3, $4))
                order by 2 {order}, 1 {order} limit $5)
            select {ProjectionRows.Columns} from found join customers using (customer)
            order by value {order}, customer {order}
            """,
            ProjectionRows.Read, cancel, Of(query.Stage), Of(query.AvailableMin), Of(query.After?.Value),
            Of(query.After?.Customer.ToGuid()), Of(query.Limit));
    }

    public async Task<IReadOnlyList<CustomerKey>> ReadDueAsync(
        Instant until, int limit, KeyShare share, CancellationToken cancel) =>
        await connections.ReadAsync(
            // Along the index of due instants: what is asked whether it is true cannot be looked up in that of the keys.
            """
            select customer from customers
            where due_at <= $1 and due_at < 'infinity' and (customer between $2 and $3) is true
            order by due_at, customer limit $4
            """,
            r => r.GetCustomer(0), cancel, Of(until), Of(share.First), Of(share.Last), Of(limit));

    public async Task<IReadOnlyList<CustomerRow>> ScanAsync(CustomerKey? after, int limit, CancellationToken cancel) =>
        after is { } key
            ? await connections.ReadAsync(
                $"select {ProjectionRows.Columns} from customers where customer > $1 order by customer limit $2",
                ProjectionRows.Read, cancel, Of(key), Of(limit))
            : await connections.ReadAsync(
                $"select {ProjectionRows.Columns} from customers order by customer limit $1", ProjectionRows.Read,
                cancel, Of(limit));

    public async Task<IReadOnlyList<StoredState>> ScanStatesAsync(
        CustomerKey? after, int limit, CancellationToken cancel) =>
        await connections.ReadAsync(
            $"""
            select customer, seq, position, hash, state from customers {(after is null ? "" : "where customer > $2")}
            order by customer limit $1
            """,
            r => new StoredState(r.GetCustomer(0), r.GetInt64(1), r.GetInt64(2), r.GetHash(3), r.GetBytes(4)), cancel,
            after is { } key ? [Of(limit), Of(key)] : [Of(limit)]);

    public async Task<long> CountAsync(CancellationToken cancel) =>
        (await connections.ReadTableAsync("select count(*) from customers", r => r.GetInt64(0), cancel))[0];

    public Task WriteDueAsync(IReadOnlyList<DueRow> rows, CancellationToken cancel)
    {
        var sorted = rows.OrderBy(row => row.Customer).ToList();
        return ExecuteDurablyAsync(
            """
            update customers c set due_at = d.due_at from unnest($1, $2, $3) d (customer, seq, due_at)
            where c.customer = d.customer and c.seq = d.seq
            """,
            cancel, Of(sorted.Select(row => row.Customer)), Of<long>([.. sorted.Select(row => row.Seq)]),
            OfInstants([.. sorted.Select(row => row.DueAt.ToServer())]));
    }

    public async Task<string> ReadSweptAsync(CancellationToken cancel) =>
        (await connections.ReadAsync("select value from marks where key = 'swept'", r => r.GetString(0), cancel))
        .SingleOrDefault() ?? "";

    public Task WriteSweptAsync(string mark, CancellationToken cancel) =>
        ExecuteDurablyAsync(
            """
            insert into marks (key, value) values ('swept', $1) on conflict (key) do update set value = excluded.value
            """,
            cancel, Of(mark));

    // These are not counted as what the writer writes is: a crash must not take them behind the back of the sweep.
    private Task<int> ExecuteDurablyAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] values) =>
        connections.RunAsync(connections.Journal, connection => connection.ExecuteAsync(sql, cancel, values), cancel);
}
