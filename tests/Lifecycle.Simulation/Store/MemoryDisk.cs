using Lifecycle.Domain.Entries;
using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Store;

/// <summary>What outlives a process: the journal with what belongs to it, and the table of customers.</summary>
/// <remarks>Every member is called with the disk locked; only the compliance tests use more than one thread.</remarks>
public class MemoryDisk(Hash16 epoch)
{
    /// <summary>Transactions of the table that a loss of power may take.</summary>
    private const int UnsyncedMax = 16;

    private readonly Dictionary<Hash16, JournalRow> _byKey = [];
    private readonly List<Action> _inDoubt = [];
    private ProjectionTable _synced = new();
    private readonly List<Action<ProjectionTable>> _unsynced = [];

    public Hash16 Epoch { get; } = epoch;

    /// <summary>In commit order; the row at an index has the position after it.</summary>
    public List<JournalRow> Feed { get; } = [];

    public SortedDictionary<CustomerKey, List<JournalRow>> Journals { get; } = [];

    public Dictionary<CustomerKey, string> Ids { get; } = [];

    public Dictionary<CustomerKey, ReadOnlyMemory<byte>> Secrets { get; } = [];

    public Hash16? SecretCheck { get; set; }

    public List<StoredProgram> Programs { get; } = [];

    public List<StoredActivation> Activations { get; } = [];

    public List<StoredApiKey> ApiKeys { get; } = [];

    public List<QuarantinedItem> Quarantined { get; } = [];

    public ProjectionTable Table { get; private set; } = new();

    /// <summary>The processes that have the store open, by number.</summary>
    public HashSet<int> Writers { get; } = [];

    public int LastWriter { get; set; }

    public IReadOnlyList<JournalRow> RowsOf(CustomerKey customer) => Journals.GetValueOrDefault(customer) ?? [];

    public JournalRow? Find(Hash16 key) => _byKey.GetValueOrDefault(key);

    /// <summary>The same, as the store answers it.</summary>
    public virtual JournalRow? FindForEngine(Hash16 key) => Find(key);

    /// <summary>The keys by which rows are found, in their order.</summary>
    public IEnumerable<StoredEventKey> ReadEventKeys(Hash16? after) => _byKey
        .Where(pair => after is not { } last || new CustomerKey(pair.Key).CompareTo(new(last)) > 0)
        .OrderBy(pair => new CustomerKey(pair.Key))
        .Select(pair => new StoredEventKey(
            pair.Key,
            RowsOf(pair.Value.Customer).ElementAtOrDefault((int)pair.Value.Seq - 1) is { } row &&
            row.EventKey == pair.Key
                ? row.Position
                : null));

    /// <summary>A commit that nobody waits for any more is still under way.</summary>
    public bool IsInDoubt => _inDoubt.Count > 0;

    /// <summary>The server goes on with a commit whose connection is lost; what comes next waits for it.</summary>
    /// <returns>Ends it.</returns>
    public Action Doubt(Action commit)
    {
        _inDoubt.Add(commit);
        return () =>
        {
            if (_inDoubt.Remove(commit)) commit();
        };
    }

    /// <summary>The transaction of the journal.</summary>
    public AppendResult Append(JournalBatch batch)
    {
        EndCommits();
        var conflicts = new HashSet<CustomerKey>();
        foreach (var secret in batch.Secrets)
            if (Secrets.ContainsKey(secret.Customer)) conflicts.Add(secret.Customer);
        var first = Feed.Count + 1;
        for (var from = 0; from < batch.Rows.Count;)
        {
            var to = from + 1;
            while (to < batch.Rows.Count && batch.Rows[to].Customer == batch.Rows[from].Customer) to++;
            var rows = batch.Rows.Skip(from).Take(to - from).ToArray();
            if (conflicts.Contains(rows[0].Customer) || !Follows(rows) || RepeatsKey(rows))
                conflicts.Add(rows[0].Customer);
            else Keep(rows);
            from = to;
        }

        foreach (var customer in batch.Customers)
            if (!conflicts.Contains(customer.Customer)) Ids.TryAdd(customer.Customer, customer.Id);
        foreach (var secret in batch.Secrets)
            if (!conflicts.Contains(secret.Customer)) Secrets.Add(secret.Customer, secret.Sealed);
        return new(first, conflicts);
    }

    /// <summary>A transaction of the table of customers: it is there, but on disk only after the next sync.</summary>
    public void Write(Action<ProjectionTable> transaction)
    {
        transaction(Table);
        _unsynced.Add(transaction);
        if (_unsynced.Count > UnsyncedMax) Sync(UnsyncedMax / 2);
    }

    /// <summary>The power fails: of what was not synced only the first transactions are left.</summary>
    /// <returns>How many are lost.</returns>
    public int LosePower(int kept)
    {
        var lost = Math.Max(0, _unsynced.Count - kept);
        _unsynced.RemoveRange(_unsynced.Count - lost, lost);
        Sync(_unsynced.Count);
        _inDoubt.Clear();
        Table = _synced.Copy();
        Writers.Clear();
        return lost;
    }

    /// <summary>
    /// The table is gone, and with it which writers have a commit under way: so none has, as whoever empties it is told.
    /// </summary>
    public void LoseTable()
    {
        EndCommits();
        _unsynced.Clear();
        (Table, _synced) = (new(), new());
    }

    private void EndCommits()
    {
        while (_inDoubt is [var earlier, ..])
        {
            _inDoubt.RemoveAt(0);
            earlier();
        }
    }

    private void Sync(int transactions)
    {
        foreach (var transaction in _unsynced.Take(transactions)) transaction(_synced);
        _unsynced.RemoveRange(0, transactions);
    }

    /// <summary>That a row of the table gives way to another.</summary>
    public virtual bool Replaces(CustomerRow stored, CustomerRow row) => stored.Seq <= row.Seq;

    /// <summary>That the rows build on the stored head.</summary>
    protected virtual bool Follows(IReadOnlyList<JournalRow> rows) => RowsOf(rows[0].Customer) is [.., var head]
        ? rows[0].Seq == head.Seq + 1 && rows[0].Prev == head.Hash
        : rows[0].Seq == 1 && rows[0].Prev == Hash16.Zero;

    /// <summary>That one of the keys is stored already, or twice among them.</summary>
    protected virtual bool RepeatsKey(IReadOnlyList<JournalRow> rows)
    {
        var own = new HashSet<Hash16>();
        return rows.Any(row => row.EventKey is { } key && (_byKey.ContainsKey(key) || !own.Add(key)));
    }

    private void Keep(JournalRow[] rows)
    {
        if (!Journals.TryGetValue(rows[0].Customer, out var journal)) Journals[rows[0].Customer] = journal = [];
        foreach (var row in rows)
        {
            var kept = row with { Position = Feed.Count + 1 };
            Feed.Add(kept);
            journal.Add(kept);
            if (kept.EventKey is { } key) _byKey.TryAdd(key, kept);
        }
    }
}

/// <summary>The table of customers, with how far each process has brought it.</summary>
public sealed class ProjectionTable
{
    public SortedDictionary<CustomerKey, CustomerRow> Rows { get; private init; } = [];

    /// <summary>Of each process how far it has come, and how often it has written.</summary>
    public Dictionary<int, (long Mark, long Writes)> Watermarks { get; private init; } = [];

    /// <summary>Up to where every entry of every process is in the table.</summary>
    public long Watermark => Watermarks.Count == 0 ? 0 : Watermarks.Values.Min(writer => writer.Mark);

    public string Swept { get; set; } = "";

    public ProjectionTable Copy() => new()
    {
        Rows = new(Rows), Watermarks = new(Watermarks), Swept = Swept,
    };
}
