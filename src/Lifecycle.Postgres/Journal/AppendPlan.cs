using System.Buffers;
using System.Runtime.InteropServices;
using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Postgres.Journal;

/// <summary>
/// What of a batch is sent, in the order in which it is sent: the rows and keys of all customers but those with a
/// conflict, whether it is with what is stored or with another customer of the batch.
/// </summary>
internal sealed class AppendPlan : IDisposable
{
    private readonly KeyOfRow[] _keys;

    /// <param name="batch">What is to be written.</param>
    /// <param name="conflicts">Customers that are known to conflict with what is stored.</param>
    /// <exception cref="ArgumentException">The rows are not in the order that a batch has.</exception>
    public AppendPlan(JournalBatch batch, IReadOnlySet<CustomerKey> conflicts)
    {
        CheckOrder(batch.Rows);
        LeftOut = [.. conflicts];
        LeaveOutRepeatedSecrets(batch);
        LeaveOutFalseBeginnings(batch.Rows);
        _keys = ArrayPool<KeyOfRow>.Shared.Rent(batch.Rows.Count);
        var keys = CollectKeys(batch.Rows);
        if (HasRepeated(keys))
        {
            LeaveOutRepeatedKeys(batch.Rows);
            keys = CollectKeys(batch.Rows);
        }

        KeyCount = keys.Length;
        Rows = LeftOut.Count == 0 ? batch.Rows : [.. batch.Rows.Where(row => IsIn(row.Customer))];
        // In one order everywhere: two appends that meet wait for each other and do not lock each other out.
        Customers = [.. batch.Customers.Where(c => IsIn(c.Customer)).OrderBy(c => c.Customer)];
        Secrets = [.. batch.Secrets.Where(s => IsIn(s.Customer)).OrderBy(s => s.Customer)];
    }

    /// <summary>Everybody of whom nothing is written.</summary>
    public HashSet<CustomerKey> LeftOut { get; }

    public IReadOnlyList<JournalRow> Rows { get; }

    public IReadOnlyList<NewCustomer> Customers { get; }

    public IReadOnlyList<NewCustomerSecret> Secrets { get; }

    /// <summary>In the order of the keys: neighbours in the index are written together.</summary>
    public ReadOnlySpan<KeyOfRow> Keys => _keys.AsSpan(0, KeyCount);

    public int KeyCount { get; }

    /// <summary>The first row of each customer.</summary>
    public IEnumerable<JournalRow> Firsts()
    {
        for (var i = 0; i < Rows.Count; i++)
            if (i == 0 || Rows[i].Customer != Rows[i - 1].Customer) yield return Rows[i];
    }

    public void Dispose() => ArrayPool<KeyOfRow>.Shared.Return(_keys);

    private bool IsIn(CustomerKey customer) => !LeftOut.Contains(customer);

    private static void CheckOrder(IReadOnlyList<JournalRow> rows)
    {
        for (var i = 1; i < rows.Count; i++)
        {
            var (before, row) = (rows[i - 1], rows[i]);
            var order = row.Customer.CompareTo(before.Customer);
            if (order < 0) throw new ArgumentException($"The rows of {row.Customer} are not in the order of the keys.");
            if (order == 0 && row.Seq != before.Seq + 1)
                throw new ArgumentException($"Entry {row.Seq} of {row.Customer} follows {before.Seq}.");
        }
    }

    private void LeaveOutRepeatedSecrets(JournalBatch batch)
    {
        if (batch.Secrets.Count < 2) return;
        var seen = new HashSet<CustomerKey>(batch.Secrets.Count);
        foreach (var (customer, _) in batch.Secrets)
            if (!seen.Add(customer)) LeftOut.Add(customer);
    }

    /// <summary>The first entry has no predecessor, and nothing comes before it.</summary>
    private void LeaveOutFalseBeginnings(IReadOnlyList<JournalRow> rows)
    {
        foreach (var row in rows)
            if (row.Seq < 1 || (row.Seq == 1 && row.Prev != Hash16.Zero)) LeftOut.Add(row.Customer);
    }

    private ReadOnlySpan<KeyOfRow> CollectKeys(IReadOnlyList<JournalRow> rows)
    {
        var count = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].EventKey is { } key && (LeftOut.Count == 0 || IsIn(rows[i].Customer)))
                _keys[count++] = new(key, rows[i].Customer, rows[i].Seq);
        }

        var keys = _keys.AsSpan(0, count);
        keys.Sort(static (one, other) => one.Key.CompareTo(other.Key));
        return keys;
    }

    private static bool HasRepeated(ReadOnlySpan<KeyOfRow> keys)
    {
        for (var i = 1; i < keys.Length; i++)
            if (keys[i].Key == keys[i - 1].Key) return true;
        return false;
    }

    /// <summary>
    /// A key is its first customer's, unless that one repeats a key itself: then its keys are free again.
    /// </summary>
    private void LeaveOutRepeatedKeys(IReadOnlyList<JournalRow> rows)
    {
        var taken = new HashSet<Hash16>(rows.Count);
        for (int start = 0, end; start < rows.Count; start = end)
        {
            for (end = start + 1; end < rows.Count && rows[end].Customer == rows[start].Customer;) end++;
            if (!IsIn(rows[start].Customer)) continue;
            for (var i = start; i < end; i++)
            {
                if (rows[i].EventKey is not { } key || taken.Add(key)) continue;
                for (var j = start; j < i; j++)
                    if (rows[j].EventKey is { } own) taken.Remove(own);
                LeftOut.Add(rows[start].Customer);
                break;
            }
        }
    }
}

/// <summary>An event key and the row that it leads to.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyOfRow(Hash16 Key, CustomerKey Customer, long Seq);
