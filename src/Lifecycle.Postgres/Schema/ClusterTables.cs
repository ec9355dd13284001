namespace Lifecycle.Postgres.Schema;

/// <summary>
/// The second migration: what a cluster of processes shares beside the customers. Who is a member of it, the states
/// that its grains keep, and their reminders.
/// </summary>
/// <remarks>
/// Orleans' providers for ADO.NET read their statements from <c>OrleansQuery</c>. That name, the keys in it, the names
/// of parameters and of what a statement answers are theirs; the rest is ours.
/// </remarks>
internal static class ClusterTables
{
    /// <summary>A member's last status: it is gone, and nothing makes it another.</summary>
    public const int Dead = 6;

    /// <summary>A member that serves.</summary>
    public const int Active = 3;

    // A member that was declared dead is of interest for as long as a lease of it can hold.
    private static readonly string Tables =
        $"""
        alter table meta add column secret_check uuid;

        create table orleansquery (querykey text primary key, querytext text not null);

        create table member_versions (
            cluster text primary key,
            version integer not null default 0,
            changed_at timestamptz not null default clock_timestamp());

        create table members (
            cluster text not null references member_versions,
            address text not null,
            port integer not null check (port between 0 and 65535),
            generation integer not null,
            status integer not null check (status between 0 and {Dead}),
            token uuid not null default gen_random_uuid() unique,
            started_at timestamptz not null,
            alive_at timestamptz not null,
            dead_at timestamptz,
            left_at timestamptz,
            proxy_port integer check (proxy_port between 0 and 65535),
            silo_name text not null,
            host_name text not null,
            suspect_times text,
            primary key (cluster, address, port, generation),
            check ((status = {Dead}) = (dead_at is not null))) with (fillfactor = 50);

        -- A key of a grain is a number, a uuid in two halves, or a text with zeros. Rewritten in place like customers.
        create table grain_states (
            key_low bigint not null,
            key_high bigint not null,
            version integer not null,
            kind text not null,
            key_text text not null default '',
            service text not null,
            written_at timestamptz not null default clock_timestamp(),
            payload bytea,
            primary key (key_low, key_high, key_text, kind, service))
            with (fillfactor = 80, toast_tuple_target = 4080, autovacuum_vacuum_scale_factor = 0.05);
        do $$
        begin
            if exists (
                select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
                alter table grain_states alter column payload set compression lz4;
            end if;
        end $$;

        -- A few for each cluster: what asks for a range of hashes reads them all.
        create table reminders (
            service text not null,
            grain text not null,
            name text not null,
            grain_hash integer not null,
            version integer not null default 0,
            start_at timestamptz not null,
            period_ms bigint not null check (period_ms > 0),
            primary key (service, grain, name));
        """;

    /// <remarks>
    /// <c>store_lock</c> is <see cref="StoreLocks"/> in SQL. Whatever takes a member's right to write waits for the
    /// commits that are under way, so that each of them is there before it or is refused, and then for the contacts
    /// that saw the member alive, so that none began after <c>dead_at</c>.
    /// </remarks>
    private static readonly string Functions =
        $"""
        create function store_lock(purpose text) returns bigint language sql stable as $$
            select ('x' || encode(substr(sha256(convert_to(
                'lifecycle ' || n.nspname || ' ' || purpose, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint
            from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = 'members'::regclass
        $$;

        create function lock_members() returns void language plpgsql as $$
        begin
            perform pg_advisory_xact_lock(store_lock('feed'));
            perform pg_advisory_xact_lock(store_lock('writes'));
            perform pg_advisory_xact_lock(store_lock('members'));
        end $$;

        create function may_write(me uuid, known_epoch uuid) returns boolean language plpgsql as $$
        begin
            return exists (
                select from meta where epoch = known_epoch and (
                    owner is not distinct from me
                    or owner is null and exists (
                        select from members where token = me and status <> {Dead} and left_at is null)));
        end $$;

        create or replace function check_owner(me uuid, known_epoch uuid) returns void language plpgsql as $$
        begin
            if not may_write(me, known_epoch) then
                raise exception 'the store was taken over or restored, or its member is gone' using errcode = 'LC001';
            end if;
        end $$;

        create function insert_member(
            of_cluster text, new_address text, new_port integer, new_generation integer, new_silo_name text,
            new_host_name text, new_status integer, new_proxy_port integer, new_started_at timestamptz,
            new_alive_at timestamptz, known_version integer)
            returns boolean language plpgsql as $$
        begin
            perform from member_versions where cluster = of_cluster and version = known_version for update;
            if not found then return false; end if;
            insert into members (
                cluster, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at,
                dead_at)
            values (
                of_cluster, new_address, new_port, new_generation, new_silo_name, new_host_name, new_status,
                new_proxy_port, new_started_at, new_alive_at,
                case new_status when {Dead} then clock_timestamp() end)
            on conflict do nothing;
            if not found then return false; end if;
            update member_versions set version = version + 1, changed_at = clock_timestamp()
            where cluster = of_cluster;
            return true;
        end $$;

        create function update_member(
            of_cluster text, its_address text, its_port integer, its_generation integer, new_status integer,
            new_suspect_times text, new_alive_at timestamptz, known_version integer)
            returns boolean language plpgsql as $$
        begin
            if new_status = {Dead} then perform lock_members(); end if;
            perform from member_versions where cluster = of_cluster and version = known_version for update;
            if not found then return false; end if;
            update members set status = new_status, suspect_times = new_suspect_times, alive_at = new_alive_at,
                dead_at = case new_status when {Dead} then coalesce(dead_at, clock_timestamp()) end
            where cluster = of_cluster and address = its_address and port = its_port and generation = its_generation
                -- Its commits were refused from then on: it cannot come back under the same token.
                and (status <> {Dead} or new_status = {Dead});
            if not found then return false; end if;
            update member_versions set version = version + 1, changed_at = clock_timestamp()
            where cluster = of_cluster;
            return true;
        end $$;

        -- Those that do not serve and were last heard of before an instant; all of a cluster where there is none. When
        -- one died is asked for by those that start after it.
        create function delete_members(of_cluster text, before timestamptz) returns void language plpgsql as $$
        begin
            perform lock_members();
            delete from members where cluster = of_cluster and (
                before is null
                or alive_at < before and status <> {Active}
                    and (dead_at is null or dead_at < clock_timestamp() - interval '1 hour'));
            if before is null then delete from member_versions where cluster = of_cluster; end if;
        end $$;

        create function leave_cluster(me uuid) returns void language plpgsql as $$
        begin
            perform lock_members();
            update members set left_at = clock_timestamp() where token = me and left_at is null;
        end $$;

        create function write_grain_state(
            low bigint, high bigint, its_text text, its_kind text, its_service text, known_version integer,
            new_payload bytea)
            returns integer language plpgsql as $$
        declare
            written integer;
        begin
            if known_version is null then
                insert into grain_states (key_low, key_high, key_text, kind, service, version, payload)
                values (low, high, coalesce(its_text, ''), its_kind, its_service, 1, new_payload)
                on conflict do nothing returning version into written;
            else
                update grain_states set version = version + 1, written_at = clock_timestamp(), payload = new_payload
                where key_low = low and key_high = high and key_text = coalesce(its_text, '') and kind = its_kind
                    and service = its_service and version = known_version
                returning version into written;
            end if;
            return written;
        end $$;
        """;

    public static string Sql => $"{Tables}\n{Functions}\n{ClusterQueries.Sql}";
}
