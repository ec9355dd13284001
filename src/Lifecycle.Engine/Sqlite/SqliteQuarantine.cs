using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite;

/// <summary>Inputs that could not be understood, in <c>journal.db</c>.</summary>
internal sealed class SqliteQuarantine(SqliteWriter writer, SqliteReaders readers) : IQuarantine
{
    public Task AddAsync(IReadOnlyList<QuarantinedItem> items, CancellationToken cancel) =>
        writer.WriteAsync(
            session =>
            {
                foreach (var item in items) Add(session, item);
                return true;
            },
            cancel);

    public async Task<IReadOnlyList<QuarantineCount>> CountAsync(CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => new QuarantineCount(
                    reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)),
                "select source, reason, count(*), sum(times) from quarantine group by source, reason order by 1, 2"),
            cancel);

    public async Task<IReadOnlyList<QuarantinedItem>> ReadAsync(long afterId, int limit, CancellationToken cancel) =>
        await readers.ReadAsync(
            session => session.ReadAll(
                reader => new QuarantinedItem(
                    reader.GetHash(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                    reader.GetBlob(5), reader.GetInstant(6))
                {
                    Id = reader.GetInt64(0),
                    Times = reader.GetInt64(7),
                },
                """
                select id, key, source, reason, detail, body, received_at, times
                from quarantine where id > $1 order by id limit $2
                """,
                afterId, limit),
            cancel);

    private static void Add(SqliteSession session, QuarantinedItem item) => session.Execute(
        """
        insert into quarantine (key, source, reason, detail, body, received_at, times)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (key) do update set times = times + excluded.times
        """,
        item.Key, item.Source, item.Reason, item.Detail, item.Body.ToBlob(), item.ReceivedAt.Micros, item.Times);
}
