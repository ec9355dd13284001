using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Sqlite;

/// <summary>One batch inside the writer's transaction: first what may be written, then the writing.</summary>
internal sealed class SqliteAppend
{
    private readonly SqliteSession _session;
    private readonly JournalBatch _batch;
    private readonly HashSet<CustomerKey> _conflicts = [];
    private readonly HashSet<Hash16> _taken = [];

    private SqliteAppend(SqliteSession session, JournalBatch batch) => (_session, _batch) = (session, batch);

    public static AppendResult Run(SqliteSession session, JournalBatch batch) => new SqliteAppend(session, batch).Run();

    private AppendResult Run()
    {
        CheckSecrets();
        for (int start = 0, end; start < _batch.Rows.Count; start = end)
        {
            end = EndOfCustomer(start);
            var customer = _batch.Rows[start].Customer;
            if (_conflicts.Contains(customer)) continue;
            if (!FollowsHead(_batch.Rows[start]) || !TakeEventKeys(start, end)) _conflicts.Add(customer);
        }

        WriteCustomers();
        WriteSecrets();
        var first = SqliteJournal.ReadHead(_session) + 1;
        WriteRows(first);
        return new AppendResult(first, _conflicts);
    }

    private void CheckSecrets()
    {
        var seen = new HashSet<CustomerKey>(_batch.Secrets.Count);
        foreach (var (customer, _) in _batch.Secrets)
        {
            // The row of a destroyed key stays, so that a stale process cannot give an erased customer a new one.
            var stored = _session.ReadNumber("select 1 from keys where customer = $1", customer.Value);
            if (stored is not null || !seen.Add(customer)) _conflicts.Add(customer);
        }
    }

    private int EndOfCustomer(int start)
    {
        var rows = _batch.Rows;
        var end = start + 1;
        for (; end < rows.Count && rows[end].Customer == rows[start].Customer; end++)
        {
            if (rows[end].Seq == rows[end - 1].Seq + 1) continue;
            throw new ArgumentException($"Entry {rows[end].Seq} of {rows[end].Customer} follows {rows[end - 1].Seq}.");
        }

        if (end < rows.Count && rows[end].Customer.CompareTo(rows[start].Customer) < 0)
            throw new ArgumentException($"The rows of {rows[end].Customer} are not in the order of the keys.");
        return end;
    }

    private bool FollowsHead(JournalRow row)
    {
        using var head = _session.Query(
            "select seq, hash from journal where customer = $1 order by seq desc limit 1", row.Customer.Value);
        return head.Read()
            ? row.Seq == head.GetInt64(0) + 1 && row.Prev == head.GetHash(1)
            : row.Seq == 1 && row.Prev == Hash16.Zero;
    }

    private bool TakeEventKeys(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (_batch.Rows[i].EventKey is not { } key) continue;
            var stored = _session.ReadNumber("select 1 from journal where event_key = $1", key);
            if (stored is null && _taken.Add(key)) continue;
            // Nothing of this customer is written, so its keys up to here are free for the others in the batch.
            for (var j = start; j < i; j++)
                if (_batch.Rows[j].EventKey is { } own) _taken.Remove(own);
            return false;
        }

        return true;
    }

    private void WriteCustomers()
    {
        foreach (var (customer, id, firstSeenAt) in _batch.Customers)
        {
            if (_conflicts.Contains(customer)) continue;
            _session.Execute(
                "insert or ignore into aliases (customer, id, first_seen_at) values ($1, $2, $3)",
                customer.Value, id, firstSeenAt.Micros);
        }
    }

    private void WriteSecrets()
    {
        foreach (var (customer, wrapped) in _batch.Secrets)
        {
            if (_conflicts.Contains(customer)) continue;
            _session.Execute(
                "insert into keys (customer, sealed) values ($1, $2)", customer.Value, wrapped.ToBlob());
        }
    }

    private void WriteRows(long position)
    {
        foreach (var row in _batch.Rows)
        {
            if (_conflicts.Contains(row.Customer)) continue;
            _session.Execute(
                """
                insert into journal
                    (position, customer, seq, event_key, occurred_at, recorded_at, at, prev, hash, body)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """,
                position++, row.Customer.Value, row.Seq, row.EventKey, row.OccurredAt.Micros, row.RecordedAt.Micros,
                row.At.Micros, row.Prev, row.Hash, row.Body.ToBlob());
        }
    }
}
