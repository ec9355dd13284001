using Npgsql;

namespace Lifecycle.Benchmarks.Baselines;

/// <summary>
/// The tables and statements that one would write instead: an event is taken once, and the customer's points, stage
/// and windows follow. Windows roll, so they are sums of days. In favour of the baseline, numbers stand for names, the
/// event is kept as bytes, points need not mature or expire, and the windows are not read to decide on the stage.
/// </summary>
internal static class SqlSchema
{
    /// <summary>One event: $1 event, $2 customer, $3 kind, $4 time, $5 data, $6 points, $7 spend.</summary>
    public const string One = "select take($1, $2, $3, $4, $5, $6, $7)";

    /// <summary>The same parameters as arrays. Customers in order, so that two transactions never deadlock.</summary>
    public const string Many =
        $"""
        with {Taken},
        days as (
            insert into customer_days as old
            select c, current_date, s, orders, visits, views from sums order by c
            on conflict (customer, day) do update set
                spend = old.spend + excluded.spend, orders = old.orders + excluded.orders,
                visits = old.visits + excluded.visits, views = old.views + excluded.views)
        insert into customers as old
        select c, n, t, p, s, orders, least(orders, 2) from sums order by c
        on conflict (customer) do update set {Added}
        """;

    /// <summary>
    /// The same with a counter for each window, which counts for ever: less than was asked for, and what is left of the
    /// work when windows do not roll.
    /// </summary>
    public const string ManyCounters =
        $"""
        with {Taken}
        insert into counters as old
        select c, n, t, p, s, orders, least(orders, 2), s, s, s, orders, orders, orders, visits, views
        from sums order by c
        on conflict (customer) do update set {Added},
            spend_30d = old.spend_30d + excluded.spend_30d, spend_90d = old.spend_90d + excluded.spend_90d,
            spend_365d = old.spend_365d + excluded.spend_365d, orders_30d = old.orders_30d + excluded.orders_30d,
            orders_90d = old.orders_90d + excluded.orders_90d, orders_365d = old.orders_365d + excluded.orders_365d,
            visits_30d = old.visits_30d + excluded.visits_30d, views_30d = old.views_30d + excluded.views_30d
        """;

    /// <summary>$1 customer, $2 state.</summary>
    public const string State =
        """
        insert into states as old values ($1, 1, $2)
        on conflict (customer) do update set version = old.version + 1, state = excluded.state
        """;

    private const string Taken =
        """
        taken as (
            insert into events (event, customer, kind, occurred_at, data)
            select e, c, k, t, d from unnest($1, $2, $3, $4, $5) as given (e, c, k, t, d)
            on conflict do nothing returning event),
        sums as (
            select c, count(*) as n, max(t) as t, sum(p) as p, sum(s) as s, count(*) filter (where k = 2) as orders,
                count(*) filter (where k = 1) as visits, count(*) filter (where k = 0) as views
            from unnest($1, $2, $3, $4, $6, $7) as given (e, c, k, t, p, s)
            where e in (select event from taken) group by c)
        """;

    private const string Added =
        """
        version = old.version + excluded.version, last_at = greatest(old.last_at, excluded.last_at),
        points = old.points + excluded.points, spend = old.spend + excluded.spend,
        orders = old.orders + excluded.orders,
        stage = case when old.orders + excluded.orders >= 6 then 3 when old.orders + excluded.orders >= 2 then 2
            when old.orders + excluded.orders >= 1 then 1 else 0 end
        """;

    private const string Customer =
        """
        customer bigint primary key, version bigint not null, last_at timestamptz not null, points bigint not null,
        spend bigint not null, orders integer not null, stage smallint not null
        """;

    // Room in each page for the next version of its rows: then no index has to learn of it.
    private const string Tables =
        $"""
        create table events (
            event uuid primary key, customer bigint not null, occurred_at timestamptz not null,
            recorded_at timestamptz not null default now(), kind smallint not null, data bytea not null);
        create table customers ({Customer}) with (fillfactor = 70);
        create table customer_days (
            customer bigint not null, day date not null, spend bigint not null, orders integer not null,
            visits integer not null, views integer not null, primary key (customer, day)) with (fillfactor = 70);
        create table counters ({Customer},
            spend_30d bigint not null, spend_90d bigint not null, spend_365d bigint not null,
            orders_30d integer not null, orders_90d integer not null, orders_365d integer not null,
            visits_30d integer not null, views_30d integer not null) with (fillfactor = 70);
        create table states (
            customer bigint primary key, version bigint not null, state bytea not null) with (fillfactor = 70);
        """;

    // Updates first: of an upsert, the insert that fails costs more than a look-up.
    private const string Take =
        """
        create function take(
            e uuid, who bigint, k smallint, at timestamptz, d bytea, p integer, s bigint) returns boolean as $body$
        declare o integer := (k = 2)::integer; visit integer := (k = 1)::integer; view integer := (k = 0)::integer;
        begin
            insert into events (event, customer, occurred_at, kind, data) values (e, who, at, k, d)
                on conflict do nothing;
            if not found then return false; end if;
            update customers set
                version = version + 1, last_at = greatest(last_at, at), points = points + p, spend = spend + s,
                orders = orders + o, stage = case when orders + o >= 6 then 3 when orders + o >= 2 then 2
                    when orders + o >= 1 then 1 else 0 end
                where customer = who;
            if not found then insert into customers values (who, 1, at, p, s, o, o); end if;
            update customer_days set
                spend = spend + s, orders = orders + o, visits = visits + visit, views = views + view
                where customer = who and day = current_date;
            if not found then insert into customer_days values (who, current_date, s, o, visit, view); end if;
            return true;
        end $body$ language plpgsql;
        """;

    /// <summary>Makes the tables, with customers in them and as many events as ours has entries.</summary>
    /// <param name="forms">Those that will run; the tables of others stay empty.</param>
    public static async Task MakeAsync(
        string connectionString, int customers, long events, IReadOnlyCollection<SqlForm> forms,
        CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await ExecuteAsync(connection, Tables, cancel);
        await ExecuteAsync(connection, Take, cancel);
        if (forms.Contains(SqlForm.One) || forms.Contains(SqlForm.Many))
        {
            await ExecuteAsync(
                connection,
                $"""
                insert into customers select c, 0, now(), 0, 0, 0, 0 from generate_series(0, {customers - 1}) as c;
                insert into customer_days
                    select c, current_date, 0, 0, 0, 0 from generate_series(0, {customers - 1}) as c;
                """, cancel);
        }

        if (forms.Contains(SqlForm.ManyCounters))
        {
            await ExecuteAsync(
                connection,
                $"""
                insert into counters
                    select c, 0, now(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
                    from generate_series(0, {customers - 1}) as c;
                """, cancel);
        }

        if (forms.Contains(SqlForm.State))
        {
            await ExecuteAsync(
                connection,
                $"""
                insert into states
                    select c, 0, (select string_agg(sha256(int8send(c * 32 + i)), '') from generate_series(1, 19) as i)
                    from generate_series(0, {customers - 1}) as c;
                """, cancel);
        }

        await ExecuteAsync(
            connection,
            $"""
            insert into events
                select gen_random_uuid(), e % {customers}, now(), now(), 0,
                    (select string_agg(sha256(int8send(e * 8 + i)), '') from generate_series(1, 8) as i)
                from generate_series(1, {events}) as e;
            """, cancel);
        await ExecuteAsync(connection, "vacuum (analyze)", cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
#pragma warning disable CA2100 // Texts of this file and numbers.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancel);
    }
}
