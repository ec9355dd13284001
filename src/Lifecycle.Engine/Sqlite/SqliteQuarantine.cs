using Lifecycle.Domain.Time;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite;

/// <summary>Inputs that could not be understood, in <c>journal.db</c>.</summary>
internal sealed class SqliteQuarantine(SqliteWriter writer, SqliteReaders readers) : IQuarantine
{
    // $1 to $5 are the filter; null does not narrow.
    private const string Filtered =
        """
        ($1 is null or source = $1) and ($2 is null or reason = $2)
        and ($3 is null or received_at >= $3 and received_at < $4) and ($5 is null or (resolved_at is null) = $5)
        """;

    private const string Columns =
        """
        id, key, source, reason, detail, body, received_at, times, historical, format,
        resolution, resolved_at, resolved_by, resolved_reason, resolved_note
        """;

    public Task AddAsync(IReadOnlyList<QuarantinedItem> items, CancellationToken cancel) =>
        writer.WriteAsync(
            session =>
            {
                foreach (var item in items) Add(session, item);
                return true;
            },
            cancel);

    public async Task<QuarantineSums> SumAsync(QuarantineFilter filter, int rowsMax, CancellationToken cancel) =>
        await readers.ReadAsync(
            session =>
            {
                var f = new Parameters(filter);
                var all = session.ReadAll(
                    reader => (Items: reader.GetInt64(0), Times: reader.GetInt64(1)),
                    $"select count(*), coalesce(sum(times), 0) from quarantine where {Filtered}",
                    f.Source, f.Reason, f.From, f.Until, f.Waits)[0];
                return new QuarantineSums(all.Items, all.Times, Counts(session, f, rowsMax), Days(session, f, rowsMax));
            },
            cancel);

    public async Task<IReadOnlyList<QuarantinedItem>> ReadAsync(
        QuarantineFilter filter, long afterId, int limit, CancellationToken cancel) =>
        await readers.ReadAsync(
            session =>
            {
                var f = new Parameters(filter);
                return session.ReadAll(
                    ToItem, $"select {Columns} from quarantine where {Filtered} and id > $6 order by id limit $7",
                    f.Source, f.Reason, f.From, f.Until, f.Waits, afterId, limit);
            },
            cancel);

    public async Task<QuarantinedItem?> FindAsync(long id, CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(ToItem, $"select {Columns} from quarantine where id = $1", id).SingleOrDefault(),
            cancel);

    public Task<int> SettleAsync(
        IReadOnlyList<long> resolved, QuarantineResolution resolution, IReadOnlyList<QuarantineFailure> failed,
        CancellationToken cancel) => writer.WriteAsync(
            session =>
            {
                foreach (var failure in failed)
                {
                    session.Execute(
                        "update quarantine set reason = $2, detail = $3 where id = $1 and resolved_at is null",
                        failure.Id, failure.Reason, failure.Detail);
                }

                return resolved.Sum(id => Resolve(session, id, resolution));
            },
            cancel);

    private static void Add(SqliteSession session, QuarantinedItem item) => session.Execute(
        """
        insert into quarantine (key, source, reason, detail, body, received_at, times, historical, format)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (key) do update set times = times + excluded.times
        """,
        item.Key, item.Source, item.Reason, item.Detail, item.Body.ToBlob(), item.ReceivedAt.Micros, item.Times,
        item.Historical ? 1L : 0L, item.Format);

    private static int Resolve(SqliteSession session, long id, QuarantineResolution resolution) => session.Execute(
        """
        update quarantine
        set resolution = $2, resolved_at = $3, resolved_by = $4, resolved_reason = $5, resolved_note = $6
        where id = $1 and resolved_at is null
        """,
        id, resolution.How, resolution.At.Micros, resolution.By, resolution.Reason, resolution.Note);

    private static List<QuarantineCount> Counts(SqliteSession session, Parameters f, int rowsMax) => session.ReadAll(
        reader => new QuarantineCount(
            reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)),
        $"""
        select source, reason, count(*), sum(times) from quarantine where {Filtered}
        group by source, reason order by 4 desc, 1, 2 limit $6
        """,
        f.Source, f.Reason, f.From, f.Until, f.Waits, rowsMax);

    private static List<QuarantineDay> Days(SqliteSession session, Parameters f, int rowsMax) => session.ReadAll(
        reader => new QuarantineDay(
            new(reader.GetInt64(0) * Instant.MicrosPerDay), reader.GetInt64(1), reader.GetInt64(2)),
        // An item is never from before 1970: the division rounds towards the past.
        $"""
        select received_at / 86400000000, count(*), sum(times) from quarantine where {Filtered}
        group by 1 order by 1 desc limit $6
        """,
        f.Source, f.Reason, f.From, f.Until, f.Waits, rowsMax);

    private static QuarantinedItem ToItem(SqliteDataReader reader) => new(
        reader.GetHash(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetBlob(5),
        reader.GetInstant(6))
    {
        Id = reader.GetInt64(0),
        Times = reader.GetInt64(7),
        Historical = reader.GetInt64(8) != 0,
        Format = reader.GetString(9),
        Resolution = reader.IsDBNull(11) ? null : new(
            reader.GetString(10), reader.GetInstant(11), reader.GetString(12), reader.TextOrNull(13),
            reader.TextOrNull(14)),
    };

    private readonly struct Parameters(QuarantineFilter filter)
    {
        public object? Source => filter.Source;

        public object? Reason => filter.Reason;

        public object? From => filter.Day?.Micros;

        public object? Until => filter.Day?.PlusDays(1).Micros;

        public object? Waits => filter.Waits is { } waits ? (waits ? 1L : 0L) : null;
    }
}

file static class Readers
{
    public static string? TextOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}
