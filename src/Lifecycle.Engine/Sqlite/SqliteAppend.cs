using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;
using Microsoft.Data.Sqlite;

namespace Lifecycle.Engine.Sqlite;

/// <summary>
/// One batch inside the writer's transaction. It is written at once, and the keys of the tables say whether all of it
/// may be; only when they refuse is each row looked up first, to find the customers who have a conflict.
/// </summary>
internal sealed class SqliteAppend
{
    private readonly SqliteSession _session;
    private readonly JournalBatch _batch;
    private readonly HashSet<CustomerKey> _conflicts = [];
    private readonly HashSet<Hash16> _taken = [];

    private SqliteAppend(SqliteSession session, JournalBatch batch) => (_session, _batch) = (session, batch);

    /// <param name="known">Rows that need no look-up by those who build on them.</param>
    public static AppendResult Run(SqliteSession session, JournalBatch batch, CommittedRows known)
    {
        var first = SqliteJournal.ReadHead(session) + 1;
        session.Execute("savepoint rows");
        try
        {
            var append = new SqliteAppend(session, batch);
            if (append.FollowHeads(known))
            {
                append.Write(first);
                session.Execute("release rows");
                return new(first, append._conflicts);
            }
        }
        catch (SqliteException e) when (SqliteErrors.IsConstraint(e))
        {
            // A duplicate, or a row of a rival: it is found below.
        }

        session.Execute("rollback to rows");
        session.Execute("release rows");
        var careful = new SqliteAppend(session, batch);
        careful.FindConflicts();
        careful.Write(first);
        return new(first, careful._conflicts);
    }

    /// <summary>Whether every customer's first row builds on one that is there, whatever is behind that.</summary>
    private bool FollowHeads(CommittedRows known)
    {
        var firsts = new List<JournalRow>();
        for (int start = 0, end; start < _batch.Rows.Count; start = end)
        {
            end = EndOfCustomer(start);
            var row = _batch.Rows[start];
            if (row.Seq > 1) firsts.Add(row);
            else if (!IsBeginning(row)) return false;
        }

        return known.Unknown(firsts).TrueForAll(FollowsHead);
    }

    private void FindConflicts()
    {
        CheckSecrets();
        for (int start = 0, end; start < _batch.Rows.Count; start = end)
        {
            end = EndOfCustomer(start);
            var customer = _batch.Rows[start].Customer;
            if (_conflicts.Contains(customer)) continue;
            if (!FollowsHead(_batch.Rows[start]) || !TakeEventKeys(start, end)) _conflicts.Add(customer);
        }
    }

    private void Write(long first)
    {
        WriteCustomers();
        WriteSecrets();
        WriteRows(first);
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
            : IsBeginning(row);
    }

    private static bool IsBeginning(JournalRow row) => row.Seq == 1 && row.Prev == Hash16.Zero;

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
