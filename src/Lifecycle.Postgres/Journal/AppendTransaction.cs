using Lifecycle.Engine.Store;
using Npgsql;
using static Lifecycle.Postgres.PostgresValues;

namespace Lifecycle.Postgres.Journal;

/// <summary>
/// One batch in one transaction on one connection: the beginning, two for each COPY, and the commit are six exchanges.
/// </summary>
internal static class AppendTransaction
{
    private const string CopyKeys = "copy event_keys (event_key, customer, seq) from stdin (format binary)";

    private const string CopyRows =
        """
        copy journal (customer, seq, event_key, batch, occurred_at, recorded_at, at, prev, hash, n, body)
        from stdin (format binary)
        """;

    /// <summary>
    /// Begins, and writes everything but the batch's place in the feed. Answers the customers whose first row does not
    /// follow a stored one; where there are any nothing else was written.
    /// </summary>
    /// <remarks>
    /// That the predecessor is there with its hash is true for ever once it is true, for rows never change. That
    /// nothing follows it yet is what the primary key says.
    /// </remarks>
    /// <param name="known">Predecessors that need no look-up.</param>
    public static async Task<IReadOnlyList<CustomerKey>> WriteAsync(
        NpgsqlConnection connection, AppendPlan plan, CommittedRows known, CopyBuffer buffer, long batch)
    {
        var strangers = await BeginAsync(connection, plan, known);
        if (strangers.Count > 0) return strangers;
        if (plan.KeyCount > 0) await CopyKeysAsync(connection, plan, buffer);
        if (plan.Rows.Count > 0) await CopyRowsAsync(connection, plan, buffer, batch);
        return strangers;
    }

    /// <summary>Gives the batch its positions and commits, in one exchange. Answers the first position.</summary>
    public static async Task<long> CommitAsync(
        NpgsqlConnection connection, StoreIdentity identity, long feedLock, long batch, int rows)
    {
        await using var commit = connection.CreateBatch()
            .Add(
                "select commit_batch($1, $2, $3, $4, $5, $6)", Of(feedLock), Of(identity.Owner), Of(identity.Epoch),
                Of(identity.Writer), Of(batch), Of(rows))
            .Add("commit");
        await using var reader = await commit.ExecuteReaderAsync();
        await reader.ReadAsync();
        var first = reader.GetInt64(0);
        // The answer to the commit itself.
        while (await reader.NextResultAsync()) { }
        return first;
    }

    /// <summary>Commits what has no place in the feed. Answers the position that the next batch will have.</summary>
    public static async Task<long> CommitBesideFeedAsync(
        NpgsqlConnection connection, StoreIdentity identity, long writesLock)
    {
        await using var commit = connection.CreateBatch()
            .Add("select pg_advisory_xact_lock_shared($1)", Of(writesLock))
            .Add("select check_owner($1, $2)", Of(identity.Owner), Of(identity.Epoch))
            .Add(PostgresJournal.ReadHead)
            .Add("commit");
        await using var reader = await commit.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        var next = reader.GetInt64(0) + 1;
        while (await reader.NextResultAsync()) { }
        return next;
    }

    private static async Task<List<CustomerKey>> BeginAsync(
        NpgsqlConnection connection, AppendPlan plan, CommittedRows known)
    {
        await using var begin = connection.CreateBatch().Add("begin");
        var firsts = known.Unknown(plan.Firsts());
        if (firsts.Count > 0)
        {
            begin.Add(
                """
                select x.customer from unnest($1, $2, $3) x (customer, seq, hash)
                where x.hash is distinct from (
                    select j.hash from journal j where j.customer = x.customer and j.seq = x.seq)
                """,
                Of(firsts.Select(row => row.Customer)), Of<long>([.. firsts.Select(row => row.Seq - 1)]),
                Of(firsts.Select(row => row.Prev)));
        }

        if (plan.Customers.Count > 0)
        {
            begin.Add(
                """
                insert into aliases (customer, id, first_seen_at) select * from unnest($1, $2, $3)
                on conflict do nothing
                """,
                Of(plan.Customers.Select(c => c.Customer)), Of<string>([.. plan.Customers.Select(c => c.Id)]),
                OfInstants([.. plan.Customers.Select(c => c.FirstSeenAt.ToServer())]));
        }

        if (plan.Secrets.Count > 0)
        {
            begin.Add(
                "insert into keys (customer, sealed) select * from unnest($1, $2)",
                Of(plan.Secrets.Select(s => s.Customer)),
                Of<byte[]>([.. plan.Secrets.Select(s => s.Sealed.ToArray())]));
        }

        var strangers = new List<CustomerKey>();
        await using var reader = await begin.ExecuteReaderAsync();
        if (firsts.Count > 0)
            while (await reader.ReadAsync()) strangers.Add(reader.GetCustomer(0));
        while (await reader.NextResultAsync()) { }
        return strangers;
    }

    private static async Task CopyKeysAsync(NpgsqlConnection connection, AppendPlan plan, CopyBuffer buffer)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(CopyKeys);
        buffer.Begin();
        for (var i = 0; i < plan.KeyCount; i++)
        {
            Write(plan.Keys[i]);
            if (buffer.IsFull) await copy.WriteAsync(buffer.Take());
        }

        buffer.End();
        await copy.WriteAsync(buffer.Take());

        void Write(in KeyOfRow key)
        {
            buffer.BeginRow(3);
            buffer.Write(key.Key);
            buffer.Write(key.Customer.Value);
            buffer.Write(key.Seq);
        }
    }

    private static async Task CopyRowsAsync(NpgsqlConnection connection, AppendPlan plan, CopyBuffer buffer, long batch)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(CopyRows);
        buffer.Begin();
        for (var n = 0; n < plan.Rows.Count; n++)
        {
            Write(buffer, plan.Rows[n], batch, n);
            if (buffer.IsFull) await copy.WriteAsync(buffer.Take());
        }

        buffer.End();
        await copy.WriteAsync(buffer.Take());
    }

    private static void Write(CopyBuffer buffer, JournalRow row, long batch, int n)
    {
        buffer.BeginRow(11, row.Body.Length);
        buffer.Write(row.Customer.Value);
        buffer.Write(row.Seq);
        buffer.Write(row.EventKey);
        buffer.Write(batch);
        buffer.Write(row.OccurredAt);
        buffer.Write(row.RecordedAt);
        buffer.Write(row.At);
        buffer.Write(row.Prev);
        buffer.Write(row.Hash);
        buffer.Write(n);
        buffer.Write(row.Body.Span);
    }
}
