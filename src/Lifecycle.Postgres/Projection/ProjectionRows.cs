using System.Diagnostics;
using Lifecycle.Engine.Store;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres.Projection;

/// <summary>A customer's row as columns, both ways.</summary>
internal static class ProjectionRows
{
    public const string Columns =
        """
        customer, seq, position, hash, at, recorded_at, due_at, stage, available, pending, held, orders, spend_minor,
        first_order_at, last_order_at, state
        """;

    /// <summary>Newer rows replace older ones and equal ones; one statement for all.</summary>
    public const string Upsert =
        $"""
        insert into customers ({Columns})
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (customer) do update set
            seq = excluded.seq, position = excluded.position, hash = excluded.hash, at = excluded.at,
            recorded_at = excluded.recorded_at, due_at = excluded.due_at, stage = excluded.stage,
            available = excluded.available, pending = excluded.pending, held = excluded.held, orders = excluded.orders,
            spend_minor = excluded.spend_minor, first_order_at = excluded.first_order_at,
            last_order_at = excluded.last_order_at, state = excluded.state
        where customers.seq <= excluded.seq
        """;

    /// <summary>Before the upsert, which leaves rows of a later seq alone.</summary>
    public const string DeleteReplaced =
        """
        delete from customers c using unnest($1, $2, $3) u (customer, seq, hash)
        where c.customer = u.customer and c.seq = u.seq and c.hash = u.hash
        """;

    /// <summary>
    /// In the order of the keys: neighbours on a page are written together, and two writers that meet do not lock each
    /// other out. Of a customer who is there twice the newer row.
    /// </summary>
    public static List<CustomerRow> Sort(IReadOnlyList<CustomerRow> rows)
    {
        var sorted = new List<CustomerRow>(rows.Count);
        foreach (var row in rows.OrderBy(row => row.Customer).ThenBy(row => row.Seq))
        {
            if (sorted.Count > 0 && sorted[^1].Customer == row.Customer) sorted[^1] = row;
            else sorted.Add(row);
        }

        return sorted;
    }

    public static NpgsqlParameter[] ToParameters(List<CustomerRow> rows)
    {
        return
        [
            Of(rows.Select(r => r.Customer)), Column(r => r.Seq), Column(r => r.Position), Of(rows.Select(r => r.Hash)),
            Instants(r => r.At.ToServer()), Instants(r => r.RecordedAt.ToServer()), Instants(r => r.DueAt.ToServer()),
            Column(r => r.Stage), Column(r => r.Available), Column(r => r.Pending), Column(r => r.Held),
            Column(r => r.Orders), Column(r => r.SpendMinor), InstantsOrNull(r => r.FirstOrderAt?.ToServer()),
            InstantsOrNull(r => r.LastOrderAt?.ToServer()), Column(r => r.State),
        ];

        NpgsqlParameter Column<T>(Func<CustomerRow, T> of) => Of<T>([.. rows.Select(of)]);

        NpgsqlParameter Instants(Func<CustomerRow, long> of) => OfInstants([.. rows.Select(of)]);

        NpgsqlParameter InstantsOrNull(Func<CustomerRow, long?> of) => OfInstantsOrNull([.. rows.Select(of)]);
    }

    public static NpgsqlParameter[] ToReplaced(List<CustomerRow> rows) =>
    [
        Of(rows.Select(r => r.Customer)), Of<long>([.. rows.Select(r => r.Replaces!.Value.Seq)]),
        Of(rows.Select(r => r.Replaces!.Value.Hash)),
    ];

    public static CustomerRow Read(NpgsqlDataReader reader) => new(
        reader.GetCustomer(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetHash(3), reader.GetInstant(4),
        reader.GetInstant(5), reader.GetInstant(6), reader.GetString(7), reader.GetInt64(8), reader.GetInt64(9),
        reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12), reader.GetInstantOrNull(13),
        reader.GetInstantOrNull(14), reader.GetBytes(15));

    /// <summary>What a list is put in order by.</summary>
    public static string ValueOf(RowColumn column) => column switch
    {
        RowColumn.Available => "available",
        RowColumn.Orders => "orders",
        RowColumn.SpendMinor => "spend_minor",
        // Microseconds since 1970; who has no order comes before everybody.
        RowColumn.LastOrderAt =>
            "coalesce((extract(epoch from last_order_at) * 1000000)::bigint, -9223372036854775807 - 1)",
        _ => throw new UnreachableException($"There is no column {column}."),
    };
}
