namespace Lifecycle.Postgres.Schema;

/// <summary>
/// The migrations: the n-th makes the schema's version n. One that was released is never changed; a change of the
/// schema is a new one at the end.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>SQLSTATE of <c>check_owner</c>: another process has taken the store over.</summary>
    public const string NotOwnerState = "LC001";

    public static int Version => Migrations.Count;

    /// <summary>Each made for the number of partitions, which only the first one looks at.</summary>
    public static readonly IReadOnlyList<Func<int, string>> Migrations = [Tables, _ => ClusterTables.Sql];

    // Columns of fixed width come first and whole words before halves: no row has padding. The rows of the journal
    // never change, so what vacuum visits once is frozen at once, and it visits new rows early instead of all at the
    // end.
    private static string Tables(int partitions) =>
        $"""
        create table meta (
            single boolean primary key default true check (single),
            epoch uuid not null,
            partitions integer not null,
            owner uuid,
            owner_host text,
            owner_process integer,
            owned_since timestamptz);
        insert into meta (epoch, partitions) values (gen_random_uuid(), {partitions});

        create table journal (
            customer uuid not null,
            seq bigint not null,
            event_key uuid,
            batch bigint not null,
            occurred_at timestamptz not null,
            recorded_at timestamptz not null,
            at timestamptz not null,
            prev uuid not null,
            hash uuid not null,
            n integer not null,
            body bytea not null,
            primary key (customer, seq)) partition by hash (customer);
        {string.Join('\n', Enumerable.Range(0, partitions).Select(part => Partition(part, partitions)))}
        create index journal_batch on journal (batch);

        create table event_keys (
            event_key uuid primary key,
            customer uuid not null,
            seq bigint not null) with ({InsertOnly});

        create table feed (
            first_position bigint primary key,
            batch bigint not null unique,
            writer uuid not null,
            committed_at timestamptz not null default clock_timestamp(),
            count integer not null) with ({InsertOnly});

        -- A process takes a block of numbers at once: no round trip for each batch.
        create sequence batches increment by {BatchBlock};

        create table aliases (
            customer uuid primary key,
            first_seen_at timestamptz not null,
            id text not null);
        create index aliases_id on aliases (lower(id collate "C") collate "C", customer);

        create table keys (customer uuid primary key, sealed bytea);

        create table programs (
            version integer primary key,
            document text not null,
            stored_at timestamptz not null);

        create table activations (
            id bigint primary key,
            version integer not null,
            effective_at timestamptz not null,
            scheduled_at timestamptz not null,
            origin text not null,
            withdrawn_at timestamptz);

        create table api_keys (
            id text primary key,
            name text not null,
            hash bytea not null,
            roles text[] not null,
            created_at timestamptz not null,
            revoked_at timestamptz);

        create table quarantine (
            id bigint generated always as identity primary key,
            key uuid not null unique,
            source text not null,
            reason text not null,
            detail text not null,
            body bytea not null,
            received_at timestamptz not null,
            times bigint not null,
            historical boolean not null,
            format text not null,
            resolution text,
            resolved_at timestamptz,
            resolved_by text,
            resolved_reason text,
            resolved_note text);
        create index quarantine_waiting on quarantine (source, reason, received_at, times) where resolved_at is null;

        -- A row is rewritten with almost every event of its customer: a fifth of each page is left for new versions,
        -- and vacuum comes after a twentieth of the rows has changed. A state of up to 4 kB stays in the row.
        create table customers (
            customer uuid primary key,
            seq bigint not null,
            position bigint not null,
            hash uuid not null,
            at timestamptz not null,
            recorded_at timestamptz not null,
            due_at timestamptz not null,
            available bigint not null,
            pending bigint not null,
            held bigint not null,
            orders bigint not null,
            spend_minor bigint not null,
            first_order_at timestamptz,
            last_order_at timestamptz,
            stage text not null,
            state bytea not null)
            with (fillfactor = 80, toast_tuple_target = 4080, autovacuum_vacuum_scale_factor = 0.05);
        create index customers_due_at on customers (due_at) where due_at < 'infinity';

        create table writers (
            writer uuid primary key,
            watermark bigint not null,
            writes bigint not null,
            alive_lock bigint not null,
            host text not null,
            process integer not null,
            since timestamptz not null default clock_timestamp()) with (fillfactor = 50);

        create table marks (key text primary key, value text not null);

        {Functions}
        """;

    /// <summary>How many batch numbers a process takes at once.</summary>
    public const int BatchBlock = 1024;

    private const string InsertOnly =
        """
        autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_insert_threshold = 100000,
                autovacuum_freeze_min_age = 0
        """;

    /// <remarks>
    /// The position is read from the last batch, under an advisory lock that is held until the commit is visible. A row
    /// that holds the position and is updated by each commit did the same until something kept a snapshot open (a
    /// backup, a report): after 25,000 commits its old versions made the update touch 185 pages instead of 1.
    /// </remarks>
    private const string Functions =
        """
        create function check_owner(me uuid, known_epoch uuid) returns void language plpgsql as $$
        begin
            perform from meta where owner is not distinct from me and epoch = known_epoch;
            if not found then
                raise exception 'the store was taken over or restored' using errcode = 'LC001';
            end if;
        end $$;

        create function commit_batch(
            turn bigint, me uuid, known_epoch uuid, this_writer uuid, this_batch bigint, rows integer)
            returns bigint language plpgsql as $$
        declare
            place bigint;
        begin
            perform pg_advisory_xact_lock(turn);
            perform check_owner(me, known_epoch);
            insert into feed (first_position, batch, writer, count)
            select coalesce(
                (select f.first_position + f.count from feed f order by f.first_position desc limit 1), 1),
                this_batch, this_writer, rows
            returning first_position into place;
            -- What follows is the commit alone: a wait for a standby must not be cut short and look like success.
            perform set_config('statement_timeout', '0', true);
            return place;
        end $$;
        """;

    private static string Partition(int part, int partitions) =>
        $"""
        create table journal_{part} partition of journal
            for values with (modulus {partitions}, remainder {part}) with ({InsertOnly});
        """;
}
