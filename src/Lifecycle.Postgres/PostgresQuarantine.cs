using System.Text;
using Lifecycle.Engine.Store;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres;

/// <summary>Inputs that could not be understood, in the table of that name.</summary>
internal sealed class PostgresQuarantine(PostgresConnections connections, DurableWriter writer) : IQuarantine
{
    private const string Columns =
        """
        id, key, source, reason, detail, body, received_at, times, historical, format,
        resolution, resolved_at, resolved_by, resolved_reason, resolved_note
        """;

    public Task AddAsync(IReadOnlyList<QuarantinedItem> items, CancellationToken cancel) =>
        writer.WriteAsync(
            async connection =>
            {
                await using var batch = connection.CreateBatch();
                foreach (var item in items) Add(batch, item);
                return items.Count == 0 ? 0 : await batch.ExecuteNonQueryAsync(CancellationToken.None);
            },
            cancel);

    public async Task<QuarantineSums> SumAsync(QuarantineFilter filter, int rowsMax, CancellationToken cancel)
    {
        var (items, times) = (await connections.ReadTableAsync(
            $"select count(*), coalesce(sum(times), 0)::bigint from quarantine where {Where(filter)}",
            r => (r.GetInt64(0), r.GetInt64(1)), cancel, Parameters(filter)))[0];
        var counts = await connections.ReadTableAsync(
            $"""
            select source, reason, count(*), sum(times)::bigint from quarantine where {Where(filter)}
            group by source, reason order by 4 desc, source collate "C", reason collate "C" limit $5
            """,
            r => new QuarantineCount(r.GetString(0), r.GetString(1), r.GetInt64(2), r.GetInt64(3)), cancel,
            [.. Parameters(filter), Of(rowsMax)]);
        var days = await connections.ReadTableAsync(
            $"""
            select date_trunc('day', received_at, 'UTC'), count(*), sum(times)::bigint from quarantine
            where {Where(filter)} group by 1 order by 1 desc limit $5
            """,
            r => new QuarantineDay(r.GetInstant(0), r.GetInt64(1), r.GetInt64(2)), cancel,
            [.. Parameters(filter), Of(rowsMax)]);
        return new(items, times, counts, days);
    }

    public async Task<IReadOnlyList<QuarantinedItem>> ReadAsync(
        QuarantineFilter filter, long afterId, int limit, CancellationToken cancel) =>
        await connections.ReadTableAsync(
            $"select {Columns} from quarantine where {Where(filter)} and id > $5 order by id limit $6", ToItem, cancel,
            [.. Parameters(filter), Of(afterId), Of(limit)]);

    public async Task<QuarantinedItem?> FindAsync(long id, CancellationToken cancel) =>
        (await connections.ReadAsync(
            $"select {Columns} from quarantine where id = $1", ToItem, cancel, Of(id))).SingleOrDefault();

    public Task<int> SettleAsync(
        IReadOnlyList<long> resolved, QuarantineResolution resolution, IReadOnlyList<QuarantineFailure> failed,
        CancellationToken cancel) =>
        writer.WriteAsync(
            async connection =>
            {
                await connection.ExecuteAsync(
                    """
                    update quarantine q set reason = f.reason, detail = f.detail
                    from unnest($1, $2, $3) f (id, reason, detail) where q.id = f.id and q.resolved_at is null
                    """,
                    CancellationToken.None, Of<long>([.. failed.Select(f => f.Id)]),
                    Of<string>([.. failed.Select(f => f.Reason)]),
                    Of<string>([.. failed.Select(f => Storable(f.Detail))]));
                return await connection.ExecuteAsync(
                    """
                    update quarantine
                    set resolution = $2, resolved_at = $3, resolved_by = $4, resolved_reason = $5, resolved_note = $6
                    where id = any ($1) and resolved_at is null
                    """,
                    CancellationToken.None, Of<long>([.. resolved]), Of(resolution.How), Of(resolution.At),
                    Of(resolution.By), Of(resolution.Reason), Of(resolution.Note));
            },
            cancel);

    private static void Add(NpgsqlBatch batch, QuarantinedItem item) => batch.Add(
        """
        insert into quarantine (key, source, reason, detail, body, received_at, times, historical, format)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (key) do update set times = quarantine.times + excluded.times
        """,
        Of(item.Key), Of(Storable(item.Source)), Of(item.Reason), Of(Storable(item.Detail)), Of(item.Body), Of(item.ReceivedAt),
        Of(item.Times), Of(item.Historical), Of(item.Format));

    // $1 to $4 are the filter; null does not narrow. What waits is told literally: it has an index of its own.
    private static string Where(QuarantineFilter filter)
    {
        const string named =
            """
            ($1 is null or source = $1) and ($2 is null or reason = $2)
            and ($3 is null or received_at >= $3 and received_at < $4)
            """;
        return filter.Waits switch
        {
            true => $"resolved_at is null and {named}",
            false => $"resolved_at is not null and {named}",
            null => named,
        };
    }

    private static NpgsqlParameter[] Parameters(QuarantineFilter filter) =>
        [Of(filter.Source is { } source ? Storable(source) : null), Of(filter.Reason), Of(filter.Day), Of(filter.Day?.PlusDays(1))];

    /// <summary>
    /// These texts may quote what was sent, and it was sent here because something is wrong with it: a character that the
    /// database does not take must not keep it out. The body has it as it was.
    /// </summary>
    private static string Storable(string text) => text.Any(c => c == '\0' || char.IsSurrogate(c))
        ? string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? Rune.ReplacementChar : rune))
        : text;

    private static QuarantinedItem ToItem(NpgsqlDataReader reader) => new(
        reader.GetHash(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetBytes(5),
        reader.GetInstant(6))
    {
        Id = reader.GetInt64(0),
        Times = reader.GetInt64(7),
        Historical = reader.GetBoolean(8),
        Format = reader.GetString(9),
        Resolution = reader.IsDBNull(11) ? null : new(
            reader.GetString(10), reader.GetInstant(11), reader.GetString(12), reader.GetTextOrNull(13),
            reader.GetTextOrNull(14)),
    };
}
