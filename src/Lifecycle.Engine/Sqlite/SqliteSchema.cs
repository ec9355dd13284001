namespace Lifecycle.Engine.Sqlite;

/// <summary>
/// The migrations of both files: the n-th makes <c>user_version</c> n. One that was released is never changed; a change
/// of the schema is a new one at the end.
/// </summary>
internal static class SqliteSchema
{
    public static readonly IReadOnlyList<string> Journal =
    [
        """
        create table meta (key text primary key, value any not null) strict, without rowid;

        create table journal (
            position integer primary key,
            customer blob not null,
            seq integer not null,
            event_key blob,
            occurred_at integer not null,
            recorded_at integer not null,
            at integer not null,
            prev blob not null,
            hash blob not null,
            body blob not null) strict;
        create unique index journal_customer_seq on journal (customer, seq);
        create unique index journal_event_key on journal (event_key) where event_key is not null;

        create table aliases (
            customer blob primary key,
            id text not null,
            first_seen_at integer not null) strict, without rowid;

        create table keys (customer blob primary key, sealed blob) strict, without rowid;

        create table programs (
            version integer primary key,
            document text not null,
            effective_at integer not null) strict;

        create table api_keys (
            id text primary key,
            name text not null,
            hash blob not null,
            roles text not null,
            created_at integer not null,
            revoked_at integer) strict;

        create table quarantine (
            id integer primary key autoincrement,
            key blob not null unique,
            source text not null,
            reason text not null,
            detail text not null,
            body blob not null,
            received_at integer not null,
            times integer not null) strict;
        create index quarantine_source_reason on quarantine (source, reason, times);
        """,
    ];

    public static readonly IReadOnlyList<string> Projection =
    [
        """
        create table meta (key text primary key, value any not null) strict, without rowid;

        create table customers (
            customer blob primary key,
            seq integer not null,
            hash blob not null,
            at integer not null,
            recorded_at integer not null,
            due_at integer not null,
            stage text not null,
            available integer not null,
            pending integer not null,
            held integer not null,
            orders integer not null,
            spend_minor integer not null,
            first_order_at integer,
            last_order_at integer,
            state blob not null) strict, without rowid;
        create index customers_due_at on customers (due_at) where due_at < 9223372036854775807;
        """,
        // Each row says where in commit order it stands. The rows there are do not, so they are made anew.
        """
        drop table customers;
        delete from meta where key = 'watermark';
        create table customers (
            customer blob primary key,
            seq integer not null,
            position integer not null,
            hash blob not null,
            at integer not null,
            recorded_at integer not null,
            due_at integer not null,
            stage text not null,
            available integer not null,
            pending integer not null,
            held integer not null,
            orders integer not null,
            spend_minor integer not null,
            first_order_at integer,
            last_order_at integer,
            state blob not null) strict, without rowid;
        create index customers_due_at on customers (due_at) where due_at < 9223372036854775807;
        """,
    ];
}
